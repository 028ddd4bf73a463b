using Portcullis.Core.Trust.Tuf;

namespace Portcullis.Core.Trust;

/// <summary>A delegation as all TrustDelegations of a repository together declare it.</summary>
/// <param name="Name">Such as <c>targets/releases</c>.</param>
/// <param name="Signers">Each key once, in the order of their canonical ids.</param>
/// <param name="Threshold">How many of them must sign.</param>
/// <param name="Paths">Beginnings of tags, in ordinal order.</param>
public sealed record DeclaredRole(string Name, IReadOnlyList<RoleSigner> Signers, int Threshold, IReadOnlyList<string> Paths)
{
    /// <summary>The role in whose metadata it is listed.</summary>
    public string Parent => DelegationName.ParentOf(Name);

    internal IEnumerable<TufKey> Keys => Signers.Select(s => s.Key);
}

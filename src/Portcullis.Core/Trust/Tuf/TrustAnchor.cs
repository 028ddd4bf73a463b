namespace Portcullis.Core.Trust.Tuf;

/// <summary>Where trust in the metadata of a name begins: what Git pins, and nothing that a server says.</summary>
/// <param name="Gun">The globally unique name: <c>HOST/REPOSITORY</c>. Root keys must be certificates for it, so that the roots of two names are never mixed up.</param>
/// <param name="RootKeys">The canonical ids of the keys of which one must have signed the first root that is taken: hex SHA-256 of the canonical JSON of the plain public key.</param>
public sealed record TrustAnchor(string Gun, IReadOnlyList<string> RootKeys)
{
    /// <summary>How many of them must have signed it at least. The root's own threshold must be met by them, too.</summary>
    public int Threshold { get; init; } = 1;
}

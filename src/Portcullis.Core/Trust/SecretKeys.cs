using Portcullis.Core.Trust.Tuf;

namespace Portcullis.Core.Trust;

/// <summary>What a Secret holds of keys, without the private part of any.</summary>
/// <param name="Held">The public parts of its private keys: the operator can sign with them.</param>
/// <param name="Listed">The certificates and public keys in it.</param>
/// <param name="Problem">Why it cannot be used; null when it can.</param>
public sealed record SecretKeys(IReadOnlyList<TufKey> Held, IReadOnlyList<TufKey> Listed, string? Problem = null)
{
    public static SecretKeys Unusable(string problem) => new([], [], problem);
}

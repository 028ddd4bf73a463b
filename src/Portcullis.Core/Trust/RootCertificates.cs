using Portcullis.Core.Trust.Tuf;

namespace Portcullis.Core.Trust;

/// <summary>As what the pinned root keys stand in the root of one repository: Notary's clients take only certificates for its name.</summary>
public static class RootCertificates
{
    /// <param name="gun">The name of the trust data.</param>
    /// <param name="pinned">The pinned keys.</param>
    /// <param name="listed">The root keys in force, whose certificates stay as they are until they are about to end.</param>
    /// <param name="soon">A certificate that ends before is made anew, where the key is held.</param>
    /// <param name="make">A certificate for a key by its canonical id that the operator holds; null when it does not.</param>
    public static IReadOnlyList<TufKey> Of(string gun, IReadOnlyList<TufKey> pinned, IReadOnlyList<TufKey> listed, DateTimeOffset soon, Func<string, TufKey?> make) =>
    [
        .. from key in pinned
           let present = listed.FirstOrDefault(l => l.CanonicalId == key.CanonicalId)
           let certificate = Lasts(present, soon) ? present : IsFor(gun, key) && Lasts(key, soon) ? key : make(key.CanonicalId) ?? present ?? (IsFor(gun, key) ? key : null)
           where certificate is not null
           select certificate,
    ];

    private static bool Lasts(TufKey? key, DateTimeOffset soon) => key is not null && !(key.Certificate?.NotAfter < soon);

    /// <summary>A leaf: one that may sign others is none to Notary.</summary>
    private static bool IsFor(string gun, TufKey key) => key.Certificate is { IsAuthority: false } certificate && certificate.IsFor(gun);
}

using Portcullis.Core.Trust.Tuf;

namespace Portcullis.Core.Trust;

/// <summary>Everything by which the trust data of one repository is planned.</summary>
/// <param name="Declared">What is declared.</param>
/// <param name="Server">What the server has.</param>
public sealed record TrustObservation(DeclaredTrust Declared, ServerTrust Server)
{
    /// <summary>The pinned root keys as this repository's root lists them: certificates for its name. One that is pinned as a public key alone and not held has none.</summary>
    public IReadOnlyList<TufKey> RootCertificates { get; init; } = [];

    /// <summary>Null when the server was not asked for them, or did not answer.</summary>
    public ServerKeys? ServerKeys { get; init; }

    public RememberedTrust Remembered { get; init; } = RememberedTrust.Nothing;

    /// <summary>The root that waits for signatures of keys kept offline, as it was last reported; null when none does.</summary>
    public PendingRoot? PendingBefore { get; init; }

    /// <summary>Key ids of offline signatures that are valid over the bytes of <see cref="PendingBefore"/>.</summary>
    public IReadOnlySet<string> SignedOffline { get; init; } = new HashSet<string>(StringComparer.Ordinal);
}

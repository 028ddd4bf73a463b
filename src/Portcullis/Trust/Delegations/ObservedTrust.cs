using Portcullis.Clients.Notary;
using Portcullis.Core.Trust;
using Portcullis.Core.Trust.Tuf;
using Portcullis.Trust.Keys;

namespace Portcullis.Trust.Delegations;

/// <summary>One look at the trust data of a repository: what is planned by, and what an update is made with.</summary>
/// <param name="Observed">For the planner.</param>
/// <param name="Server">Null when there is no way to it.</param>
/// <param name="Set">The verified files, which an update builds upon; null when there are none.</param>
/// <param name="Keys">The private keys of all declarations, by canonical id.</param>
/// <param name="Offline">Signatures that came through Git, valid over the root that waits for them.</param>
internal sealed record ObservedTrust(
    TrustObservation Observed, NotaryClient? Server, TrustedSet? Set, IReadOnlyDictionary<string, TrustSigningKey> Keys, IReadOnlyList<TufSignature> Offline);

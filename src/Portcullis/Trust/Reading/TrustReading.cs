using Portcullis.Core.Signing;
using Portcullis.Core.Trust.Tuf;

namespace Portcullis.Trust.Reading;

/// <summary>Trust data of one name, verified. Immutable.</summary>
/// <param name="Set">The metadata itself: what comes next must be newer than it.</param>
/// <param name="Trust">What it says of the repository.</param>
/// <param name="Weight">The bytes of its metadata: what keeping it costs.</param>
/// <param name="End">When all of it has expired; some delegations may expire before.</param>
internal sealed record TrustReading(TrustedSet Set, RepositoryTrust Trust, int Weight, DateTimeOffset End)
{
    /// <summary>Of a set that is whole.</summary>
    public static TrustReading Of(TrustedSet set, DateTimeOffset now)
    {
        var (root, timestamp, snapshot, targets) = (set.Root!, set.Timestamp!, set.Snapshot!, set.Targets!);
        var weight = root.File.Length + timestamp.File.Length + snapshot.File.Length + targets.File.Length + set.Delegations.Values.Sum(d => d.Signed.File.Length);
        var end = new[] { root.ValidUntil, timestamp.ValidUntil, snapshot.ValidUntil, targets.ValidUntil }.Min();
        return new TrustReading(set.Settled(), set.ToRepositoryTrust(now), weight, end);
    }

    /// <summary>The same when a delegation has expired since, which then says nothing any more: the others go on. Itself when nothing has, or when all of it has.</summary>
    public TrustReading At(DateTimeOffset now) => now < Trust.ExpiresAt || now >= End ? this : this with { Trust = Set.ToRepositoryTrust(now) };
}

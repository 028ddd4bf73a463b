using Portcullis.Core.Trust;
using Portcullis.Core.Trust.Tuf;

namespace Portcullis.Trust.Delegations;

/// <summary>A verified set as the planner sees it.</summary>
internal static class PublishedSets
{
    /// <param name="set">Root, timestamp, snapshot and targets must be there.</param>
    public static PublishedTrust Of(TrustedSet set)
    {
        var root = set.Root!.Content;
        return new PublishedTrust
        {
            Root = new PublishedRoot(root.Version, set.Root.ValidUntil)
            {
                RootKeys = root.Root.Keys, RootThreshold = root.Root.Threshold, TargetsKeys = root.Targets.Keys, SnapshotKeys = root.Snapshot.Keys, TimestampKeys = root.Timestamp.Keys,
                Unknown = [.. root.UnknownNames],
            },
            Targets = Role(RoleNames.Targets, set.Targets!),
            SnapshotVersion = set.Snapshot!.Content.Version,
            SnapshotExpires = set.Snapshot.Content.Expires,
            TimestampVersion = set.Timestamp!.Content.Version,
            Delegated = set.Delegations.ToDictionary(d => d.Key, d => Role(d.Key, d.Value.Signed), StringComparer.Ordinal),
            Broken = set.LeftOut.ToDictionary(e => e.Key, e => e.Value.Message, StringComparer.Ordinal),
        };
    }

    private static PublishedRole Role(string name, SignedRole<TargetsRole> signed) => new(name, signed.Content.Version, signed.Content.Expires)
    {
        Delegations = [.. signed.Content.Delegations.Select(d => new PublishedDelegation(d.Name, d.Signers.Keys, d.Signers.Threshold, d.Paths))],
        Tags = [.. signed.Content.Targets.Select(t => t.Name)],
        Signers = [.. signed.Signers.Select(k => k.CanonicalId)],
        Unknown = [.. signed.Content.UnknownNames],
    };
}

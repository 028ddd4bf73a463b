using Portcullis.Core.Trust;
using Portcullis.Core.Trust.Tuf;

namespace Portcullis.Trust.Delegations;

/// <summary>
/// The server's keys in a root that waits for signatures. A server makes a new key for each question until a root names one, and keeps those before: the
/// root that somebody has signed names the keys of the day when it was planned.
/// </summary>
internal static class PendingServerKeys
{
    public static ServerKeys? Of(DeclaredTrust declared, ServerAnswer answer, PendingRoot? pending)
    {
        if (answer.Keys is not { } keys || pending is null)
        {
            return answer.Keys;
        }

        var root = (answer.Trust as ServerTrust.Present)?.Trust.Root;
        var snapshot = pending.Root.SnapshotKeys.FirstOrDefault(k => k.CanonicalId != declared.SnapshotKey?.CanonicalId);
        return new ServerKeys(Kept(keys.Snapshot, root?.SnapshotKeys, snapshot), Kept(keys.Timestamp, root?.TimestampKeys, pending.Root.TimestampKeys is [var timestamp, ..] ? timestamp : null));
    }

    private static TufKey Kept(TufKey answered, IReadOnlyList<TufKey>? inForce, TufKey? pending) =>
        inForce?.Contains(answered) == true || pending is null || inForce?.Contains(pending) == true ? answered : pending;
}

using Portcullis.Core.Revisions;
using Portcullis.Core.Sources;

namespace Portcullis.Sources;

/// <summary>When a refused write is tried again: ever later for the same content, at once for another.</summary>
internal sealed class WriteFailures(TimeProvider time)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(750);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(15);

    // A right may be given at any moment, and asking for it costs one request a kind.
    private static readonly TimeSpan PauseWithoutRight = TimeSpan.FromSeconds(10);

    public bool IsDue(SourceState state, DesiredObject target, bool asked) =>
        asked || !state.Failures.TryGetValue(target.Identity, out var failed) || failed.Digest != target.ContentDigest || failed.RetryAt <= time.GetUtcNow();

    /// <summary>Remembers a refusal; <paramref name="digest"/> is empty for a delete.</summary>
    public void Remember(SourceState state, ObjectIdentity identity, string digest, string message, TimeSpan? retryAfter)
    {
        var count = (state.Failures.GetValueOrDefault(identity) is { } before && before.Digest == digest ? before.Count : 0) + 1;
        state.Failures[identity] = new FailedWrite(digest, message, count, time.GetUtcNow() + Pause(count, retryAfter));
    }

    /// <summary>Remembers that the object's kind cannot be looked at: for want of a right, or because its definition is not in force yet.</summary>
    public void NotListed(SourceState state, DesiredObject target, KindRefusal refusal)
    {
        if (refusal.IsAbsent)
        {
            Remember(state, target.Identity, target.ContentDigest, refusal.Message, null);
        }
        else
        {
            state.Failures[target.Identity] = new FailedWrite(target.ContentDigest, refusal.Message, 1, time.GetUtcNow() + PauseWithoutRight);
        }
    }

    private static TimeSpan Pause(int count, TimeSpan? asked)
    {
        var pause = FirstPause * Math.Pow(2, Math.Min(count - 1, 20));
        pause = pause > LongestPause ? LongestPause : pause;
        return asked is { } wanted && wanted > pause ? wanted : pause;
    }
}

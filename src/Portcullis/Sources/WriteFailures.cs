using Portcullis.Core.Kinds;
using Portcullis.Core.Sources;
using Portcullis.Http.Retries;

namespace Portcullis.Sources;

/// <summary>When a refused write is tried again: ever later for the same content, at once for another.</summary>
internal sealed class WriteFailures(TimeProvider time)
{
    private static readonly BackOff Pauses = new(TimeSpan.FromMilliseconds(750), TimeSpan.FromMinutes(15));

    /// <summary>A kind may be served, or the right to it given, at any moment, and asking for it costs one request.</summary>
    private static readonly BackOff PausesForAKind = Pauses with { Maximum = TimeSpan.FromSeconds(10) };

    public bool IsDue(SourceState state, DesiredObject target, bool asked) =>
        asked || !state.Failures.TryGetValue(target.Identity, out var failed) || failed.Digest != target.ContentDigest || failed.RetryAt <= time.Monotonic();

    /// <summary>Remembers a refusal; <paramref name="digest"/> is empty for a delete.</summary>
    public void Remember(SourceState state, ObjectIdentity identity, string digest, string message, TimeSpan? retryAfter)
    {
        var count = Count(state, identity, digest);
        state.Failures[identity] = new FailedWrite(digest, message, count, time.Monotonic() + Pause(count, retryAfter));
    }

    /// <summary>Remembers that the object's kind cannot be looked at: for want of a right, or because its definition is not in force yet.</summary>
    public void NotListed(SourceState state, DesiredObject target, KindRefusal refusal)
    {
        var count = Count(state, target.Identity, target.ContentDigest);
        state.Failures[target.Identity] = new FailedWrite(target.ContentDigest, refusal.Message, count, time.Monotonic() + PausesForAKind.After(count));
    }

    private static int Count(SourceState state, ObjectIdentity identity, string digest) =>
        (state.Failures.GetValueOrDefault(identity) is { } before && before.Digest == digest ? before.Count : 0) + 1;

    private static TimeSpan Pause(int count, TimeSpan? asked)
    {
        var pause = Pauses.After(count);
        return asked is { } wanted && wanted > pause ? wanted : pause;
    }
}

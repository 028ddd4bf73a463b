using Portcullis.Core.Kinds;
using Portcullis.Core.Sources;
using Portcullis.Http.Retries;
using Portcullis.Kubernetes.Controllers;

namespace Portcullis.Sources.Apply;

/// <summary>When a failed write is tried again: ever later for the same content, at once for another.</summary>
internal sealed class WriteFailures(TimeProvider time)
{
    private static readonly BackOff Pauses = new(TimeSpan.FromMilliseconds(750), TimeSpan.FromMinutes(15));

    /// <summary>A kind may be served, or the right to it given, at any moment, and asking for it costs one request.</summary>
    private static readonly BackOff PausesForAKind = Pauses with { Maximum = TimeSpan.FromSeconds(10) };

    public bool IsDue(SourceWrites writes, DesiredObject target) =>
        !writes.Failures.TryGetValue(target.Identity, out var failed) || failed.Digest != target.ContentDigest || failed.RetryAt <= time.Monotonic();

    /// <summary>Remembers what failed of a run.</summary>
    public void Remember(SourceWrites writes, IEnumerable<ActionResult> results)
    {
        foreach (var failed in results.OfType<ActionResult.Failed>())
        {
            switch (failed.Action)
            {
                case ApplyAction.Write write:
                    Remember(writes, write.Object.Identity, write.Object.ContentDigest, failed);
                    break;
                case ApplyAction.Prune prune:
                    Remember(writes, prune.Entry.Identity, "", failed);
                    break;
            }
        }
    }

    private void Remember(SourceWrites writes, ObjectIdentity identity, string digest, ActionResult.Failed failed)
    {
        var count = (writes.Failures.GetValueOrDefault(identity) is { } before && before.Digest == digest ? before.Count : 0) + 1;
        var pause = (failed.Problem.Reason == SourceReasons.KindNotListed ? PausesForAKind : Pauses).After(count);
        pause = FailureReasons.LongestPause(failed.Problem.Reason, failed.IsAway) is { } longest && longest < pause ? longest : pause;
        pause = failed.RetryAfter is { } wanted && wanted > pause ? wanted : pause;
        writes.Fail(identity, new FailedWrite(digest, failed.Problem.Message, count, time.Monotonic() + pause));
    }
}

using Portcullis.Core.Sources;
using Portcullis.Kubernetes.Controllers;

namespace Portcullis.Sources;

/// <summary>What of a visit is worth an Event or a count, once each: repeating a visit tells nothing twice.</summary>
internal sealed class SourceNews(SourceMetrics metrics)
{
    private const int EventLimit = 20;

    public IReadOnlyList<ReportedEvent> Of(
        GitSource source, SourceState state, LookResult look, ApplyPlan? plan, GitSourceStatus status, IReadOnlyList<ReportedEvent> drift)
    {
        var events = new List<ReportedEvent>(drift.Take(EventLimit));
        if (look is LookResult.Refused { Problems.Count: > 1 } refused && state.Announced != refused.Attempted)
        {
            events.Add(new ReportedEvent(true, refused.Reason, string.Join("\n", refused.Problems.Take(GitSourceStatus.ListLimit))));
        }

        state.Announced = look is LookResult.Refused { Attempted: { } attempted } ? attempted : state.Announced;
        if (state.InForce is { } revision && status.LastAppliedCommit == revision.Target.Commit && state.Reported?.LastAppliedCommit != status.LastAppliedCommit)
        {
            var tally = state.Tally;
            events.Add(new ReportedEvent(
                false, "Applied", $"{revision.Revision}: {tally.Created} created, {tally.Configured} configured, {tally.Pruned} pruned"));
            events.AddRange(revision.Notes.Take(5).Select(n => new ReportedEvent(true, "NotRead", n)));
        }

        Count(source, state, plan);
        return events;
    }

    private void Count(GitSource source, SourceState state, ApplyPlan? plan)
    {
        var drifted = (plan?.Drift ?? []).ToDictionary(d => d.Identity, d => d.Message);
        foreach (var (identity, message) in drifted)
        {
            if (!state.KnownDrift.TryGetValue(identity, out var known) || known != message)
            {
                metrics.Detected(source.Key.Name, identity.Kind);
            }
        }

        state.KnownDrift = drifted;
        var blocked = plan is { PruneBlocked.Count: > 0 } ? state.InForce?.Target.Commit : null;
        if (blocked is not null && blocked != state.BlockedAt)
        {
            metrics.Blocked(source.Key.Name);
        }

        state.BlockedAt = blocked;
    }
}

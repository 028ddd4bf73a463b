using Portcullis.Core.Hardening;

namespace Portcullis.Agent.Daemon;

/// <summary>Records what came of a plan: Events, the count of reverted edits, and the last good file.</summary>
internal sealed class DaemonOutcomes(AgentOptions options, INodeCluster cluster, DaemonStore store, TimeProvider time)
{
    public void Record(IReadOnlyList<ActionResult> results)
    {
        foreach (var result in results)
        {
            if (result is ActionResult.Done { Reverted: { } by, Action: HardeningAction.Configure action })
            {
                Count(by, action.Reverts);
            }

            foreach (var reported in HardeningEvents.Of(result))
            {
                Report(reported);
            }
        }
    }

    /// <summary>A file with which the engine runs, with nothing left to do, becomes the last good one.</summary>
    public void Settle(HardeningPlan plan, DaemonFile file, bool isEngineUp)
    {
        if (file is DaemonFile.Json json && isEngineUp && plan.PendingRestart.Count == 0)
        {
            store.SaveLastGood(json.Content);
            var state = store.State;
            store.Save(state with { Keys = state.Keys with { Good = state.Keys.Owned }, Change = state.Change with { Pending = null } });
        }
    }

    private void Count(Attribution by, IReadOnlyList<string> keys)
    {
        var state = store.State;
        store.Save(state with
        {
            Drift = new DriftCount { Reverted = state.Drift.Reverted + 1, LastTime = time.GetUtcNow(), LastBy = by.ToString(), LastKeys = string.Join(", ", keys) },
        });
    }

    private void Report(NodeEvent reported)
    {
        var hardenings = reported.Hardenings.Count > 0 ? reported.Hardenings : cluster.Selecting().Select(h => h.Metadata.Name!);
        foreach (var hardening in hardenings)
        {
            cluster.Record(hardening, reported.Event with { Message = $"{options.NodeName}: {reported.Event.Message}" });
        }
    }
}

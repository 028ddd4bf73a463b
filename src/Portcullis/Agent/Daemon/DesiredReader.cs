using Portcullis.Core.Hardening;

namespace Portcullis.Agent.Daemon;

/// <summary>What the NodeHardenings of the node declare now.</summary>
internal sealed class DesiredReader(INodeCluster cluster, DaemonStore store)
{
    /// <summary>While the declarations are not known, what was accepted last.</summary>
    public DesiredConfiguration Read()
    {
        if (!cluster.IsKnown)
        {
            return DesiredConfiguration.AsAccepted(store.State.Keys.Owned);
        }

        HandleRequests();
        return DesiredConfiguration.For(cluster.Hardenings(), cluster.NodeLabels(), cluster.IsPaused) with { PermittedRestart = cluster.PermittedRestart() };
    }

    /// <summary>A request to reconcile now also tries rejected content again: its cause may have been removed.</summary>
    private void HandleRequests()
    {
        var state = store.State;
        var requested = cluster.Requested();
        var isNew = requested.Any(r => state.Requested.GetValueOrDefault(r.Key) != r.Value);
        if (isNew || requested.Count != state.Requested.Count)
        {
            store.Save(state with { Requested = requested, Change = isNew ? state.Change with { Rejected = null } : state.Change });
        }
    }
}

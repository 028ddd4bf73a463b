using Portcullis.Core.Hardening;
using Portcullis.Kubernetes.Controllers;

namespace Portcullis.Hardening;

/// <summary>
/// Summarizes what the agents report of a NodeHardening, and permits them to restart their engines. The agents read the NodeHardening
/// themselves and do the work on the nodes.
/// </summary>
internal sealed class NodeHardeningReconciler(HardeningGatherer gatherer, RolloutPermissions permissions, HardeningMetrics metrics, TimeProvider time)
    : IReconciler<NodeHardening, NodeHardeningStatus>, IFinalizer<NodeHardening>
{
    public async Task<Reconciled<NodeHardeningStatus>> ReconcileAsync(
        NodeHardening resource, ReconcileContext context, CancellationToken cancellationToken)
    {
        var failures = await permissions.GiveAsync(cancellationToken);
        var states = NodeStates.Of(resource, gatherer.Nodes(), gatherer.Reports(), time.GetUtcNow());
        metrics.Report(resource.Key.Name, states.Counts);
        return HardeningJudge.Judge(resource, states, failures);
    }

    /// <summary>The agents remove the keys.</summary>
    public async Task<Outcome?> FinalizeAsync(NodeHardening resource, ReconcileContext context, CancellationToken cancellationToken)
    {
        var failures = await permissions.GiveAsync(cancellationToken);
        if (HardeningRemovalJudge.Judge(resource, gatherer.Hardenings(), gatherer.Reports(), time.GetUtcNow()) is { } outcome)
        {
            return Outcome.Failed.Among(failures) ?? outcome;
        }

        metrics.Forget(resource.Key.Name);
        return null;
    }
}

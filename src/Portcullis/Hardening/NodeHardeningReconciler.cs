using Portcullis.Core.Hardening;
using Portcullis.Kubernetes.Controllers;

namespace Portcullis.Hardening;

/// <summary>
/// Sums up what the agents report of one NodeHardening and lets them restart their engines in turn. The agents do the work on the nodes
/// and read the NodeHardening themselves; nothing is sent to them but the permission.
/// </summary>
internal sealed class NodeHardeningReconciler(HardeningFleet fleet, HardeningMetrics metrics, TimeProvider time)
    : IReconciler<NodeHardening, NodeHardeningStatus>, IFinalizer<NodeHardening>
{
    /// <summary>How long a deleted NodeHardening waits for nodes that nothing is heard of, and for restarts; what they hold is then left to them.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan LookAgain = TimeSpan.FromMinutes(1);

    public async Task<Reconciled<NodeHardeningStatus>> ReconcileAsync(
        NodeHardening resource, ReconcileContext context, CancellationToken cancellationToken)
    {
        await fleet.PermitRestartsAsync(cancellationToken);
        var (status, verdict, states) = HardeningRollup.Of(resource, fleet.Nodes(), fleet.Reports(), time.GetUtcNow());
        metrics.Told(resource.Key.Name, states);
        Outcome outcome = verdict switch
        {
            HardeningVerdict.InForce done => new Outcome.Ready(done.Message, LookAgain),
            HardeningVerdict.Stalled stalled => new Outcome.Stalled(stalled.Reason, stalled.Message) { CheckAgainIn = LookAgain },
            HardeningVerdict.Waiting waiting => new Outcome.Waiting(waiting.Reason, waiting.Message, LookAgain),
            _ => throw new InvalidOperationException(verdict.GetType().Name),
        };
        return new Reconciled<NodeHardeningStatus>(outcome, status);
    }

    /// <summary>The agents take the keys out again; a node that cannot be heard of holds the object for ten minutes at most.</summary>
    public async Task<Outcome?> FinalizeAsync(NodeHardening resource, CancellationToken cancellationToken)
    {
        await fleet.PermitRestartsAsync(cancellationToken);
        var holders = fleet.HoldersOf(resource.Metadata.Name!);
        var isLate = time.GetUtcNow() - resource.Metadata.DeletionTimestamp >= Grace;
        var restarts = resource.Spec.RestartPolicy != RestartPolicy.Never && !isLate;
        var having = Nodes(h => h.HasKeys && (h.IsHeardOf || !isLate));
        var restarting = Nodes(h => h.AwaitsRestart && restarts);
        if (having.Count + restarting.Count == 0)
        {
            metrics.Forget(resource.Key.Name);
            return null;
        }

        var message = having.Count > 0 ? $"its keys are still in daemon.json of {string.Join(", ", having)}" : $"its keys are in force until the engine restarts on {string.Join(", ", restarting)}";
        return new Outcome.Waiting(HardeningReasons.Progressing, message, TimeSpan.FromSeconds(10));

        List<string> Nodes(Func<KeyHolder, bool> which) => [.. holders.Where(which).Select(h => h.Node).Take(5)];
    }
}

using Portcullis.Core.Signing;
using Portcullis.Kubernetes.Controllers;

namespace Portcullis.Signing;

/// <summary>Reports what a policy comes to. The policy itself is in force where images are admitted, pulled and promoted.</summary>
internal sealed class SigningReconciler(SigningGatherer gatherer, SigningMetrics metrics, TimeProvider time) : IReconciler<SigningPolicy, SigningPolicyStatus>, IFinalizer<SigningPolicy>
{
    public async Task<Reconciled<SigningPolicyStatus>> ReconcileAsync(SigningPolicy resource, ReconcileContext context, CancellationToken cancellationToken)
    {
        var judged = SigningJudge.Judge(await gatherer.ObserveAsync(resource, cancellationToken), time.GetUtcNow());
        metrics.Report(resource.Key.Name, judged.Status.Impact);
        return judged;
    }

    /// <summary>Nothing is left of a policy.</summary>
    public Task<Outcome?> FinalizeAsync(SigningPolicy resource, ReconcileContext context, CancellationToken cancellationToken)
    {
        metrics.Forget(resource.Key.Name);
        return Task.FromResult<Outcome?>(null);
    }
}

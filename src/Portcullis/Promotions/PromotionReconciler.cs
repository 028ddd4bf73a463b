using Portcullis.Actions;
using Portcullis.Core;
using Portcullis.Core.Promotions;
using Portcullis.Kubernetes.Controllers;

namespace Portcullis.Promotions;

/// <summary>Promotes what a policy promotes.</summary>
internal sealed class PromotionReconciler(PromotionGatherer gatherer, ActionRunner runner, ImagePromotion promotion, RegressionNotices notices, PromotionMetrics metrics, TimeProvider time)
    : IReconciler<PromotionPolicy, PromotionPolicyStatus>, IFinalizer<PromotionPolicy>
{
    private const int ProgressEvery = 10;

    public async Task<Reconciled<PromotionPolicyStatus>> ReconcileAsync(PromotionPolicy resource, ReconcileContext context, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var observed = await gatherer.ObserveAsync(resource, now, cancellationToken);
        var plan = PromotionPlanner.Plan(observed, now);
        var results = await runner.RunAsync(
            "promotionpolicies",
            plan.Actions,
            new PromotionExecutor(observed, promotion),
            cancellationToken,
            done => done % ProgressEvery == 0
                ? context.ReportProgressAsync($"{done} of {Pluralize.Of(plan.Actions.Count, "step")} done", cancellationToken)
                : Task.CompletedTask);
        var judged = PromotionJudge.Judge(observed, plan, results, now);
        await notices.RecordAsync(resource, PromotionJudge.NewRegressions(judged.Status, resource.Status), now, cancellationToken);
        metrics.Report(resource.Key.Name, results, judged.Status);
        return judged;
    }

    /// <summary>What was promoted stays.</summary>
    public Task<Outcome?> FinalizeAsync(PromotionPolicy resource, ReconcileContext context, CancellationToken cancellationToken)
    {
        metrics.Forget(resource.Key.Name);
        return Task.FromResult<Outcome?>(null);
    }
}

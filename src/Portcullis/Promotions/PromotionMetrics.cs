using Portcullis.Core.Promotions;
using Portcullis.Kubernetes.Observability;
using Prometheus;

namespace Portcullis.Promotions;

/// <summary>What came of promotions, as Prometheus metrics (docs/metrics.md).</summary>
internal sealed class PromotionMetrics(IMetricFactory metrics)
{
    private readonly Counter _promotions = metrics.CreateCounter("promotions_total", "Images that a policy promoted, or failed to.", ["policy", "result"]);

    private readonly Gauge _tags = metrics.CreateGauge("promotion_tags", "Tags of a policy's source, by what the policy decided about them.", ["policy", "decision"]);

    public void Report(string policy, IReadOnlyList<ActionResult> results, PromotionPolicyStatus status)
    {
        foreach (var result in results.Where(r => r.Action is PromotionAction.Promote { IsThere: false }))
        {
            _promotions.WithLabels(policy, result is ActionResult.Done ? "promoted" : "failed").Inc();
        }

        _tags.WithLabels(policy, "promoted").Set(status.Promoted ?? 0);
        _tags.WithLabels(policy, "held_back").Set(status.HeldBack ?? 0);
        _tags.WithLabels(policy, "frozen").Set(status.Frozen ?? 0);
        _tags.WithLabels(policy, "blocked").Set(status.Blocked ?? 0);
        _tags.WithLabels(policy, "regressed").Set(status.Regressed ?? 0);
    }

    /// <summary>Removes the series of a deleted policy.</summary>
    public void Forget(string policy)
    {
        _promotions.RemoveWhere("policy", policy);
        _tags.RemoveWhere("policy", policy);
    }
}

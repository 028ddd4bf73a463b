using Portcullis.Core.Signing;
using Prometheus;

namespace Portcullis.Signing;

/// <summary>What signing policies decide and would decide, as Prometheus metrics (docs/metrics.md).</summary>
internal sealed class SigningMetrics(IMetricFactory metrics)
{
    private readonly Counter _decisions = metrics.CreateCounter("signing_decisions_total", "Images that signing policies decided about, by mode and verdict.", ["mode", "verdict"]);

    private readonly Gauge _refused = metrics.CreateGauge("signing_workloads_refused", "Running workloads that a policy would refuse.", ["policy"]);

    private readonly Gauge _workloads = metrics.CreateGauge("signing_workloads", "Running workloads in the scope of a policy.", ["policy"]);

    public void Report(SigningDecision decision)
    {
        if (decision.Mode != SigningMode.Off)
        {
            _decisions.WithLabels(decision.Mode.ToString(), decision.Verdict.GetType().Name).Inc();
        }
    }

    public void Report(string policy, SigningImpact? impact)
    {
        _refused.WithLabels(policy).Set(impact?.Refused ?? 0);
        _workloads.WithLabels(policy).Set(impact?.Workloads ?? 0);
    }

    /// <summary>Removes the series of a deleted policy.</summary>
    public void Forget(string policy)
    {
        _refused.RemoveLabelled(policy);
        _workloads.RemoveLabelled(policy);
    }
}

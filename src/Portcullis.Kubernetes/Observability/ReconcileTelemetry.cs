using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Prometheus;

namespace Portcullis.Kubernetes.Observability;

/// <summary>
/// Figures and spans of the controller loops, under the names that dashboards of Flux and controller-runtime use. The series of
/// an object are removed with the object.
/// </summary>
internal sealed partial class ReconcileTelemetry
{
    public const string SourceName = "Portcullis.Kubernetes";

    public static readonly ActivitySource Source = new(SourceName);

    private readonly ILogger _logger;
    private readonly ObjectStates _states;
    private readonly Counter _total;
    private readonly Counter _errors;
    private readonly Gauge _active;
    private readonly Histogram _times;
    private readonly Histogram _durations;
    private int _first;

    public ReconcileTelemetry(
        CollectorRegistry registry, IMetricFactory metrics, KubernetesOptions options, ILogger<ReconcileTelemetry> logger)
    {
        _logger = logger;
        _states = new ObjectStates(registry, metrics, options.Product);
        var buckets = new HistogramConfiguration { Buckets = [0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 300, 900] };
        _total = metrics.CreateCounter(
            "controller_runtime_reconcile_total", "Total number of reconciliations per controller", ["controller", "result"]);
        _errors = metrics.CreateCounter(
            "controller_runtime_reconcile_errors_total", "Total number of reconciliation errors per controller", ["controller"]);
        _active = metrics.CreateGauge(
            "controller_runtime_active_workers", "Number of currently used workers per controller", ["controller"]);
        _times = metrics.CreateHistogram(
            "controller_runtime_reconcile_time_seconds", "Length of time per reconciliation per controller", ["controller"], buckets);
        _durations = metrics.CreateHistogram(
            $"{options.Product}_reconcile_duration_seconds",
            "The duration in seconds of a reconciliation of one object.",
            ["kind", "name", "namespace"],
            buckets);
    }

    public void Started(string controller) => _active.WithLabels(controller).Inc();

    public void Finished(string controller, string kind, ObjectKey key, string result, TimeSpan took)
    {
        if (Interlocked.Exchange(ref _first, 1) == 0)
        {
            Log.First(_logger, kind, key, result);
        }

        _active.WithLabels(controller).Dec();
        _total.WithLabels(controller, result).Inc();
        if (result == "error")
        {
            _errors.WithLabels(controller).Inc();
        }

        _times.WithLabels(controller).Observe(took.TotalSeconds);
        _durations.WithLabels(kind, key.Name, key.Namespace).Observe(took.TotalSeconds);
    }

    public void Reported(string kind, ObjectKey key, string ready, bool suspended) => _states.Set(kind, key, ready, suspended);

    /// <summary>The object is gone: so are its series.</summary>
    public void Gone(string kind, ObjectKey key)
    {
        _states.Remove(kind, key);
        _durations.RemoveLabelled(kind, key.Name, key.Namespace);
    }

    private static partial class Log
    {
        [LoggerMessage(1203, LogLevel.Information, "The first reconcile is done: {Kind} {Key}: {Result}")]
        public static partial void First(ILogger logger, string kind, ObjectKey key, string result);
    }
}

using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;

namespace Portcullis.Kubernetes.Observability;

/// <summary>
/// Figures and spans of the controller loops, under the names that dashboards of Flux and controller-runtime use. What is said of
/// single objects goes when the object goes.
/// </summary>
internal sealed partial class ReconcileTelemetry : IDisposable
{
    public const string SourceName = "Portcullis.Kubernetes";

    public static readonly ActivitySource Source = new(SourceName);

    private static readonly string[] Statuses = ["True", "False", "Unknown"];

    private readonly Meter _meter;
    private readonly ILogger _logger;
    private readonly PrometheusMetrics _exposition;
    private readonly Counter<long> _total;
    private readonly Counter<long> _errors;
    private readonly UpDownCounter<long> _active;
    private readonly Histogram<double> _times;
    private readonly Histogram<double> _durations;
    private readonly ConcurrentDictionary<(string Kind, ObjectKey Key), State> _states = new();
    private int _first;

    public ReconcileTelemetry(IMeterFactory meters, PrometheusMetrics exposition, Hosting.KubernetesOptions options, ILogger<ReconcileTelemetry> logger)
    {
        _logger = logger;
        _meter = meters.Create("Portcullis.Kubernetes.Controllers");
        _exposition = exposition;
        var buckets = new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 300, 900] };
        _total = _meter.CreateCounter<long>("controller_runtime_reconcile_total", description: "Total number of reconciliations per controller");
        _errors = _meter.CreateCounter<long>(
            "controller_runtime_reconcile_errors_total", description: "Total number of reconciliation errors per controller");
        _active = _meter.CreateUpDownCounter<long>(
            "controller_runtime_active_workers", description: "Number of currently used workers per controller");
        _times = _meter.CreateHistogram(
            "controller_runtime_reconcile_time_seconds", "s", "Length of time per reconciliation per controller", advice: buckets);
        _durations = _meter.CreateHistogram(
            $"{options.Product}_reconcile_duration_seconds", "s", "The duration in seconds of a reconciliation of one object.", advice: buckets);
        _meter.CreateObservableGauge(
            $"{options.Product}_reconcile_condition", Conditions, description: "The current Ready condition of one object.");
        _meter.CreateObservableGauge($"{options.Product}_suspend_status", Suspensions, description: "1 while the object is suspended.");
    }

    public void Started(string controller) => _active.Add(1, new KeyValuePair<string, object?>("controller", controller));

    public void Finished(string controller, string kind, ObjectKey key, string result, TimeSpan took)
    {
        if (Interlocked.Exchange(ref _first, 1) == 0)
        {
            Log.First(_logger, kind, key, result);
        }

        var tag = new KeyValuePair<string, object?>("controller", controller);
        _active.Add(-1, tag);
        _total.Add(1, tag, new("result", result));
        if (result == "error")
        {
            _errors.Add(1, tag);
        }

        _times.Record(took.TotalSeconds, tag);
        _durations.Record(took.TotalSeconds, Tags(kind, key));
    }

    public void Reported(string kind, ObjectKey key, string ready, bool suspended) => _states[(kind, key)] = new State(ready, suspended);

    /// <summary>The object is gone: so are its series.</summary>
    public void Gone(string kind, ObjectKey key)
    {
        _states.TryRemove((kind, key), out _);
        _exposition.Remove(_durations.Name, Tags(kind, key));
    }

    public void Dispose() => _meter.Dispose();

    private IEnumerable<Measurement<int>> Conditions()
    {
        foreach (var ((kind, key), state) in _states)
        {
            foreach (var status in Statuses)
            {
                yield return new Measurement<int>(
                    state.Ready == status ? 1 : 0, [.. Tags(kind, key), new("type", "Ready"), new("status", status)]);
            }
        }
    }

    private IEnumerable<Measurement<int>> Suspensions() =>
        _states.Select(s => new Measurement<int>(s.Value.Suspended ? 1 : 0, Tags(s.Key.Kind, s.Key.Key)));

    private static KeyValuePair<string, object?>[] Tags(string kind, ObjectKey key) =>
        [new("kind", kind), new("name", key.Name), new("namespace", key.Namespace)];

    private sealed record State(string Ready, bool Suspended);

    private static partial class Log
    {
        [LoggerMessage(1203, LogLevel.Information, "The first reconcile is done: {Kind} {Key}: {Result}")]
        public static partial void First(ILogger logger, string kind, ObjectKey key, string result);
    }
}

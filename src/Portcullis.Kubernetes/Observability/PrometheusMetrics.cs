using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Portcullis.Kubernetes.Observability;

/// <summary>
/// Collects what the program's meters measure (those whose name begins with one of the prefixes) and writes it as Prometheus text
/// (exposition format 0.0.4). Counters and histograms add up here; observable instruments are asked at each scrape.
/// </summary>
public sealed class PrometheusMetrics : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<string, MetricFamily> _families = new(StringComparer.Ordinal);
    private readonly Lock _scrape = new();

    /// <param name="scope">Of the meters that belong to some host's factory, only this host's are heard; static meters always.</param>
    /// <param name="prefixes">How the meters' names begin.</param>
    public PrometheusMetrics(IMeterFactory? scope, params IReadOnlyList<string> prefixes)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if ((instrument.Meter.Scope is null || ReferenceEquals(instrument.Meter.Scope, scope))
                && prefixes.Any(p => instrument.Meter.Name.StartsWith(p, StringComparison.Ordinal)))
            {
                var family = _families.GetOrAdd(MetricFamily.NameOf(instrument.Name), _ => new MetricFamily(instrument));
                listener.EnableMeasurementEvents(instrument, family);
            }
        };
        _listener.SetMeasurementEventCallback<int>((_, value, tags, state) => ((MetricFamily)state!).Record(value, tags));
        _listener.SetMeasurementEventCallback<long>((_, value, tags, state) => ((MetricFamily)state!).Record(value, tags));
        _listener.SetMeasurementEventCallback<double>((_, value, tags, state) => ((MetricFamily)state!).Record(value, tags));
        _listener.SetMeasurementEventCallback<float>((_, value, tags, state) => ((MetricFamily)state!).Record(value, tags));
        _listener.Start();
    }

    /// <summary>Forgets one series: its object is gone.</summary>
    public void Remove(string instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (_families.TryGetValue(MetricFamily.NameOf(instrument), out var family))
        {
            family.Remove(tags);
        }
    }

    /// <summary>Everything, families and series in ordinal order.</summary>
    public void WriteTo(TextWriter writer)
    {
        lock (_scrape)
        {
            foreach (var family in _families.Values)
            {
                family.BeginScrape();
            }

            _listener.RecordObservableInstruments();
            foreach (var (_, family) in _families.OrderBy(f => f.Key, StringComparer.Ordinal))
            {
                family.WriteTo(writer);
            }
        }
    }

    public void Dispose() => _listener.Dispose();
}

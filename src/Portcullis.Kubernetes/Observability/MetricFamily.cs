using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace Portcullis.Kubernetes.Observability;

/// <summary>All series of one metric. A series is known by its rendered labels.</summary>
internal sealed class MetricFamily(Instrument instrument)
{
    private static readonly double[] DefaultBounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, Series> _series = new(StringComparer.Ordinal);
    private readonly string _name = NameOf(instrument.Name);
    private readonly bool _observable = instrument.IsObservable;
    private readonly MetricKind _kind = KindOf(instrument);
    private readonly double[] _bounds = BoundsOf(instrument);

    private enum MetricKind
    {
        Counter,
        Gauge,
        Histogram,
    }

    /// <summary>Dots, which OpenTelemetry's names have, are not Prometheus'.</summary>
    public static string NameOf(string instrument) => instrument.Replace('.', '_').Replace('-', '_');

    public void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var labels = Render(tags);
        lock (_gate)
        {
            if (!_series.TryGetValue(labels, out var series))
            {
                _series[labels] = series = new Series(_kind == MetricKind.Histogram ? new long[_bounds.Length + 1] : []);
            }

            series.Sum = _observable || IsGauge(instrument) ? value : series.Sum + value;
            if (_kind == MetricKind.Histogram)
            {
                series.Count++;
                var bucket = Array.BinarySearch(_bounds, value);
                series.Buckets[bucket >= 0 ? bucket : ~bucket]++;
            }
        }
    }

    public void Remove(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var labels = Render(tags);
        lock (_gate)
        {
            _series.Remove(labels);
        }
    }

    /// <summary>What an observable instrument does not say again no longer exists.</summary>
    public void BeginScrape()
    {
        if (_observable)
        {
            lock (_gate)
            {
                _series.Clear();
            }
        }
    }

    public void WriteTo(TextWriter writer)
    {
        lock (_gate)
        {
            if (_series.Count == 0)
            {
                return;
            }

            if (!string.IsNullOrEmpty(instrument.Description))
            {
                writer.Write($"# HELP {_name} {Escape(instrument.Description, quotes: false)}\n");
            }

            writer.Write($"# TYPE {_name} {(_kind == MetricKind.Counter ? "counter" : _kind == MetricKind.Gauge ? "gauge" : "histogram")}\n");
            foreach (var (labels, series) in _series)
            {
                if (_kind == MetricKind.Histogram)
                {
                    WriteHistogram(writer, labels, series);
                }
                else
                {
                    WriteSample(writer, _name, labels, Number(series.Sum));
                }
            }
        }
    }

    private void WriteHistogram(TextWriter writer, string labels, Series series)
    {
        var separator = labels.Length == 0 ? "" : ",";
        long below = 0;
        for (var i = 0; i < _bounds.Length; i++)
        {
            below += series.Buckets[i];
            WriteSample(writer, _name + "_bucket", $"{labels}{separator}le=\"{Number(_bounds[i])}\"", Number(below));
        }

        WriteSample(writer, _name + "_bucket", $"{labels}{separator}le=\"+Inf\"", Number(series.Count));
        WriteSample(writer, _name + "_sum", labels, Number(series.Sum));
        WriteSample(writer, _name + "_count", labels, Number(series.Count));
    }

    private static void WriteSample(TextWriter writer, string name, string labels, string value)
    {
        writer.Write(name);
        if (labels.Length > 0)
        {
            writer.Write('{');
            writer.Write(labels);
            writer.Write('}');
        }

        writer.Write(' ');
        writer.Write(value);
        writer.Write('\n');
    }

    private static string Render(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (tags.Length == 0)
        {
            return "";
        }

        var sorted = tags.ToArray();
        Array.Sort(sorted, static (a, b) => string.CompareOrdinal(a.Key, b.Key));
        var text = new StringBuilder();
        foreach (var (name, value) in sorted)
        {
            text.Append(text.Length == 0 ? "" : ",").Append(NameOf(name)).Append("=\"")
                .Append(Escape(Convert.ToString(value, CultureInfo.InvariantCulture) ?? "", quotes: true)).Append('"');
        }

        return text.ToString();
    }

    private static string Escape(string text, bool quotes)
    {
        var escaped = text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
        return quotes ? escaped.Replace("\"", "\\\"", StringComparison.Ordinal) : escaped;
    }

    private static string Number(double value) => double.IsInfinity(value) ? (value > 0 ? "+Inf" : "-Inf") : value.ToString("R", CultureInfo.InvariantCulture);

    private static bool IsGauge(Instrument instrument) => instrument is Gauge<int> or Gauge<long> or Gauge<double>;

    private static MetricKind KindOf(Instrument instrument) => instrument switch
    {
        Histogram<double> or Histogram<long> or Histogram<int> => MetricKind.Histogram,
        Counter<long> or Counter<int> or Counter<double> or ObservableCounter<long> or ObservableCounter<int> or ObservableCounter<double> => MetricKind.Counter,
        _ => MetricKind.Gauge,
    };

    private static double[] BoundsOf(Instrument instrument) => instrument switch
    {
        Histogram<double> { Advice.HistogramBucketBoundaries: { } bounds } => [.. bounds],
        Histogram<long> { Advice.HistogramBucketBoundaries: { } bounds } => [.. bounds.Select(b => (double)b)],
        _ => DefaultBounds,
    };

    private sealed class Series(long[] buckets)
    {
        public double Sum { get; set; }

        public long Count { get; set; }

        public long[] Buckets { get; } = buckets;
    }
}

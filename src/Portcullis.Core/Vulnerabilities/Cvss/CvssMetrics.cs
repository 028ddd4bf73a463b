namespace Portcullis.Core.Vulnerabilities.Cvss;

/// <summary>The metrics of one vector, all of them known to its version, the base metrics complete.</summary>
internal sealed class CvssMetrics
{
    private readonly Dictionary<string, string> _values;

    private CvssMetrics(CvssVersion version, Dictionary<string, string> values)
    {
        Version = version;
        _values = values;
    }

    public CvssVersion Version { get; }

    /// <summary>The value of a base metric.</summary>
    public string this[string metric] => _values[metric];

    /// <summary>The value of an optional metric; X, which stands for not defined, where it is missing.</summary>
    public string Optional(string metric) => _values.GetValueOrDefault(metric, "X");

    public static CvssMetrics? Read(string text)
    {
        var (version, metrics) = Split(text);
        var known = CvssMetricNames.Of(version);
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var metric in metrics.Split('/'))
        {
            var colon = metric.IndexOf(':', StringComparison.Ordinal);
            if (colon < 0 || !known.Allow(metric[..colon], metric[(colon + 1)..]) || !values.TryAdd(metric[..colon], metric[(colon + 1)..]))
            {
                return null;
            }
        }

        return known.Base.All(values.ContainsKey) ? new CvssMetrics(version, values) : null;
    }

    private static (CvssVersion Version, string Metrics) Split(string text)
    {
        const int Prefix = 9; // CVSS:3.1/
        if (text.StartsWith("CVSS:4.0/", StringComparison.Ordinal))
        {
            return (CvssVersion.V40, text[Prefix..]);
        }

        if (text.StartsWith("CVSS:3.1/", StringComparison.Ordinal))
        {
            return (CvssVersion.V31, text[Prefix..]);
        }

        if (text.StartsWith("CVSS:3.0/", StringComparison.Ordinal))
        {
            return (CvssVersion.V30, text[Prefix..]);
        }

        text = text.StartsWith("CVSS:2.0/", StringComparison.Ordinal) ? text[Prefix..] : text;
        return (CvssVersion.V2, text is ['(', .., ')'] ? text[1..^1] : text);
    }
}

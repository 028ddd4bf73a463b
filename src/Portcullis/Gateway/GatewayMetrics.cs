using Prometheus;

namespace Portcullis.Gateway;

/// <summary>What goes through the gateway (docs/metrics.md).</summary>
internal sealed class GatewayMetrics
{
    private readonly Counter _requests;
    private readonly Counter.Child _sent;
    private readonly Counter.Child _received;
    private readonly Histogram _upstream;
    private readonly Gauge _certificate;

    public GatewayMetrics(IMetricFactory metrics)
    {
        _requests = metrics.CreateCounter("gateway_requests_total", "Requests of clients, by what they ask for and what came of it.", ["result", "verb"]);
        var bytes = metrics.CreateCounter("gateway_forwarded_bytes_total", "Bytes of bodies whose length was announced, by direction.", ["direction"]);
        (_sent, _received) = (bytes.WithLabels("download"), bytes.WithLabels("upload"));
        _certificate = metrics.CreateGauge("gateway_certificate_expiry_timestamp_seconds", "Until when the gateway's certificate is valid; 0 without one.");
        _upstream = metrics.CreateHistogram(
            "gateway_upstream_seconds",
            "Time until the registry's answer began.",
            new HistogramConfiguration { Buckets = Histogram.ExponentialBuckets(0.001, 2, 16) });
    }

    /// <summary>Until when the certificate that is shown now is valid.</summary>
    public void Certificate(DateTime until) => _certificate.Set(new DateTimeOffset(until.ToUniversalTime()).ToUnixTimeSeconds());

    /// <param name="verb">What was asked for.</param>
    /// <param name="status">Of the answer.</param>
    public void Request(string verb, int status) => _requests.WithLabels(ResultOf(status), verb).Inc();

    /// <param name="took">Until the headers.</param>
    /// <param name="upload">In bytes; null when it was not announced.</param>
    /// <param name="download">In bytes; null when it was not announced.</param>
    public void Upstream(TimeSpan took, long? upload, long? download)
    {
        _upstream.Observe(took.TotalSeconds);
        _received.Inc(upload ?? 0);
        _sent.Inc(download ?? 0);
    }

    private static string ResultOf(int status) => status switch
    {
        401 => "unauthorized",
        403 => "denied",
        >= 500 => "failed",
        >= 400 => "refused",
        _ => "ok",
    };
}

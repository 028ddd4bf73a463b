using System.Globalization;
using Prometheus;

namespace Portcullis.Kubernetes.Http;

/// <summary>Counts and times every request under client-go's names, so that existing dashboards work.</summary>
internal sealed class ClientMetricsHandler(TimeProvider time, IMetricFactory metrics) : DelegatingHandler
{
    private static readonly HistogramConfiguration Buckets = new() { Buckets = [0.005, 0.025, 0.1, 0.25, 0.5, 1, 2, 4, 8, 15, 30, 60] };

    private readonly Counter _requests = metrics.CreateCounter(
        "rest_client_requests_total", "Number of HTTP requests, partitioned by status code, method, and host.", ["code", "host", "method"]);

    private readonly Histogram _durations = metrics.CreateHistogram(
        "rest_client_request_duration_seconds",
        "Request latency in seconds up to the answer's headers. Broken down by verb and host.",
        ["host", "verb"],
        Buckets);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var code = "<error>";
        try
        {
            var response = await base.SendAsync(request, cancellationToken);
            code = ((int)response.StatusCode).ToString(CultureInfo.InvariantCulture);
            return response;
        }
        finally
        {
            var host = request.RequestUri?.Authority ?? "";
            _requests.WithLabels(code, host, request.Method.Method).Inc();
            _durations.WithLabels(host, request.Method.Method).Observe(time.GetElapsedTime(started).TotalSeconds);
        }
    }
}

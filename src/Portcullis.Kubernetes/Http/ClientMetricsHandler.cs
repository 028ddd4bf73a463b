using System.Diagnostics.Metrics;
using System.Globalization;

namespace Portcullis.Kubernetes.Http;

/// <summary>Counts and times every request under client-go's names, so that existing dashboards work.</summary>
internal sealed class ClientMetricsHandler(TimeProvider time) : DelegatingHandler
{
    private static readonly Meter ClientMeter = new("Portcullis.Kubernetes.Client");

    private static readonly Counter<long> Requests = ClientMeter.CreateCounter<long>(
        "rest_client_requests_total", description: "Number of HTTP requests, partitioned by status code, method, and host.");

    private static readonly Histogram<double> Durations = ClientMeter.CreateHistogram(
        "rest_client_request_duration_seconds",
        "s",
        "Request latency in seconds up to the answer's headers. Broken down by verb and host.",
        advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.005, 0.025, 0.1, 0.25, 0.5, 1, 2, 4, 8, 15, 30, 60] });

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
            Requests.Add(1, new("code", code), new("method", request.Method.Method), new("host", host));
            Durations.Record(time.GetElapsedTime(started).TotalSeconds, new("verb", request.Method.Method), new("host", host));
        }
    }
}

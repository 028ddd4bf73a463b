using System.Globalization;

namespace Portcullis.Benchmarks.Programs;

/// <summary>What an operator says of itself on its metrics port.</summary>
internal static class OperatorMetrics
{
    /// <summary>How many requests it has sent that change something: what the server itself writes is not among them.</summary>
    public static async Task<long> WritesAsync(int port)
    {
        using var http = new HttpClient();
        var lines = (await http.GetStringAsync(new Uri($"http://127.0.0.1:{port.ToString(CultureInfo.InvariantCulture)}/metrics"))).Split('\n');
        return lines.Where(l => l.StartsWith("rest_client_requests_total{", StringComparison.Ordinal) && !l.Contains("method=\"GET\"", StringComparison.Ordinal))
            .Sum(l => long.Parse(l[(l.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture));
    }
}

using System.Text;
using Portcullis.Sources;
using Prometheus;

namespace Portcullis.Tests.Sources;

[TestFixture]
internal sealed class SourceMetricsTests
{
    private readonly CollectorRegistry _registry = Metrics.NewCustomRegistry();

    [Test]
    public async Task A_source_that_is_gone_has_no_series_and_the_others_keep_theirs()
    {
        var metrics = new SourceMetrics(Metrics.WithCustomRegistry(_registry));
        foreach (var source in (string[])["gone", "kept"])
        {
            metrics.Detected(source, "ConfigMap");
            metrics.Detected(source, "Secret");
            metrics.Reverted(source, "ConfigMap");
            metrics.Blocked(source);
            metrics.Verified(source, DateTimeOffset.UnixEpoch.AddSeconds(7));
        }

        metrics.Forget("gone");

        Assert.That(await SeriesAsync(), Is.EquivalentTo(new[]
        {
            "drift_detected_total{kind=\"ConfigMap\",source=\"kept\"} 1",
            "drift_detected_total{kind=\"Secret\",source=\"kept\"} 1",
            "drift_reverted_total{kind=\"ConfigMap\",source=\"kept\"} 1",
            "prune_blocked_total{source=\"kept\"} 1",
            "git_last_verified_timestamp_seconds{source=\"kept\"} 7",
        }));
    }

    private async Task<IEnumerable<string>> SeriesAsync()
    {
        using var text = new MemoryStream();
        await _registry.CollectAndExportAsTextAsync(text);
        return Encoding.UTF8.GetString(text.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(l => l[0] != '#');
    }
}

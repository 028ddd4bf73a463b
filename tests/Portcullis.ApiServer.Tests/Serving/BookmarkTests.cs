using System.Text.Json.Nodes;
using Portcullis.Testing.Clusters;
using Portcullis.Testing;

namespace Portcullis.ApiServer.Tests.Serving;

[TestFixture]
internal sealed class BookmarkTests
{
    [Test]
    public async Task An_idle_watch_is_told_how_far_the_server_is()
    {
        var time = new ManualTimeProvider(TimeProvider.System.GetUtcNow());
        await using var cluster = await TestCluster.StartAsync(configure: options => options with { Time = time });
        if (cluster.Embedded is null)
        {
            Assert.Ignore("Only the embedded API runs on the test's time.");
        }

        var from = cluster.Embedded.CurrentVersion;
        using var request = new HttpRequestMessage(
            HttpMethod.Get, $"api/v1/namespaces/default/secrets?watch=true&allowWatchBookmarks=true&resourceVersion={from}");
        using var response = await cluster.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        var line = reader.ReadLineAsync();
        await Eventually.HoldsAsync(time, TimeSpan.FromSeconds(10), () => line.IsCompleted);

        var entry = JsonNode.Parse((await line)!)!;
        Assert.Multiple(() =>
        {
            Assert.That(entry["type"]!.ToString(), Is.EqualTo("BOOKMARK"));
            Assert.That(long.Parse(entry["object"]!["metadata"]!["resourceVersion"]!.ToString()), Is.GreaterThanOrEqualTo(from));
        });
    }
}

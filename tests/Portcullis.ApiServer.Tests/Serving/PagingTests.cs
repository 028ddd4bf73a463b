using System.Net;
using System.Text.Json.Nodes;
using Portcullis.Testing.Clusters;

namespace Portcullis.ApiServer.Tests.Serving;

[TestFixture]
internal sealed class PagingTests
{
    [Test]
    public async Task Pages_are_of_one_moment_whatever_is_written_meanwhile()
    {
        await using var cluster = await TestCluster.StartAsync();
        for (var i = 0; i < 7; i++)
        {
            await cluster.ApplyAsync(ConfigMap($"page-{i}"));
        }

        var first = await GetAsync(cluster, "limit=3&labelSelector=paged");
        await cluster.ApplyAsync(ConfigMap("page-35"));
        await cluster.Http.DeleteAsync(new Uri("api/v1/namespaces/default/configmaps/page-5", UriKind.Relative));
        var names = Names(first);
        for (var page = first; page["metadata"]!["continue"] is { } token;)
        {
            page = await GetAsync(cluster, $"limit=3&labelSelector=paged&continue={Uri.EscapeDataString(token.ToString())}");
            names.AddRange(Names(page));
        }

        Assert.That(names, Is.EqualTo(Enumerable.Range(0, 7).Select(i => $"page-{i}")));
    }

    [Test]
    public async Task A_page_from_a_forgotten_moment_is_410_with_a_token_for_the_rest_as_it_is_now()
    {
        await using var cluster = await TestCluster.StartAsync();
        if (cluster.Embedded is null)
        {
            Assert.Ignore("Only the embedded API can be made to forget.");
        }

        for (var i = 0; i < 5; i++)
        {
            await cluster.ApplyAsync(ConfigMap($"page-{i}"));
        }

        var first = await GetAsync(cluster, "limit=2&labelSelector=paged");
        await cluster.ApplyAsync(ConfigMap("page-9"));
        cluster.Embedded.Compact();
        var token = Uri.EscapeDataString(first["metadata"]!["continue"]!.ToString());
        using var gone = await cluster.Http.GetAsync(new Uri($"api/v1/namespaces/default/configmaps?limit=9&labelSelector=paged&continue={token}", UriKind.Relative));
        var status = JsonNode.Parse(await gone.Content.ReadAsStringAsync())!;
        var rest = Uri.EscapeDataString(status["metadata"]!["continue"]!.ToString());
        var names = Names(await GetAsync(cluster, $"limit=9&labelSelector=paged&continue={rest}"));
        Assert.Multiple(() =>
        {
            Assert.That(gone.StatusCode, Is.EqualTo(HttpStatusCode.Gone));
            Assert.That(names, Is.EqualTo(new[] { "page-2", "page-3", "page-4", "page-9" }));
        });
    }

    private static JsonObject ConfigMap(string name) => new()
    {
        ["apiVersion"] = "v1",
        ["kind"] = "ConfigMap",
        ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = "default", ["labels"] = new JsonObject { ["paged"] = "yes" } },
    };

    private static async Task<JsonNode> GetAsync(TestCluster cluster, string query) =>
        JsonNode.Parse(await cluster.Http.GetStringAsync(new Uri($"api/v1/namespaces/default/configmaps?{query}", UriKind.Relative)))!;

    private static List<string> Names(JsonNode list) => ((JsonArray)list["items"]!).Select(i => i!["metadata"]!["name"]!.ToString()).ToList();
}

using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Portcullis.Objects.Json;
using Portcullis.Testing;
using Portcullis.Testing.Clusters;

namespace Portcullis.ApiServer.Tests.Controllers;

/// <summary>One embedded API for the tests of a fixture, spoken to in plain requests.</summary>
internal abstract class ClusterFixture
{
    private TestCluster _cluster = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _cluster = await TestCluster.StartAsync();
        if (_cluster.Embedded is null)
        {
            Assert.Ignore("These tests are about the embedded API's own controllers.");
        }
    }

    [OneTimeTearDown]
    public async Task StopAsync() => await _cluster.DisposeAsync();

    protected async Task<(int Code, JsonObject Body)> SendAsync(
        HttpMethod method, string path, string? body = null, string contentType = "application/json")
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue(contentType);
        }

        using var response = await _cluster.Http.SendAsync(request);
        var answer = await response.Content.ReadAsByteArrayAsync();
        return ((int)response.StatusCode, KubernetesJson.Parse(answer)!.AsObject());
    }

    protected async Task<JsonObject> CreateAsync(string path, string body)
    {
        var (code, answer) = await SendAsync(HttpMethod.Post, path, body);
        Assert.That(code, Is.EqualTo(201), answer.ToJsonString());
        return answer;
    }

    protected Task<JsonObject> CreateNamespaceAsync(string name) =>
        CreateAsync("/api/v1/namespaces", $$"""{ "metadata": { "name": "{{name}}" } }""");

    /// <summary>A ConfigMap; <paramref name="metadata"/> are more members of its metadata.</summary>
    protected Task<JsonObject> CreateMapAsync(string @namespace, string name, string metadata = "") => CreateAsync(
        $"/api/v1/namespaces/{@namespace}/configmaps", $$"""{ "metadata": { "name": "{{name}}" {{(metadata.Length > 0 ? "," + metadata : "")}} } }""");

    protected async Task<int> DeleteAsync(string path, string? options = null) => (await SendAsync(HttpMethod.Delete, path, options)).Code;

    protected async Task<JsonObject?> GetAsync(string path)
    {
        var (code, body) = await SendAsync(HttpMethod.Get, path);
        return code == 200 ? body : null;
    }

    protected Task IsGoneAsync(string path) => Eventually.HoldsAsync(async () => await GetAsync(path) is null, what: $"{path} is gone");

    protected static string OwnedBy(JsonObject owner, bool blocks = false)
    {
        var metadata = owner.Object("metadata");
        return $$"""
            "ownerReferences":[{"apiVersion":"v1","kind":"ConfigMap","name":"{{metadata.String("name")}}","uid":"{{metadata.String("uid")}}",
            "blockOwnerDeletion":{{(blocks ? "true" : "false")}}}]
            """;
    }
}

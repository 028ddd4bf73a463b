using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Portcullis.Http.Serving;
using Portcullis.Testing.Servers;

namespace Portcullis.ApiServer.Tests.Policy;

/// <summary>A webhook over HTTPS that answers as the test says: a function from the request's question to the response's members.</summary>
internal sealed class TestWebhook : IAsyncDisposable
{
    private readonly TestAuthority _authority = new(TimeProvider.System.GetUtcNow());
    private readonly Func<JsonObject, JsonObject> _answer;
    private HttpServer _server = null!;

    private TestWebhook(Func<JsonObject, JsonObject> answer) => _answer = answer;

    public List<JsonObject> Asked { get; } = [];

    public string Url => _server.Address;

    public string CaBundle => Convert.ToBase64String(Encoding.ASCII.GetBytes(_authority.Certificate.ExportCertificatePem()));

    public static async Task<TestWebhook> StartAsync(Func<JsonObject, JsonObject> answer)
    {
        var webhook = new TestWebhook(answer);
        webhook._server = await LoopbackServer.StartAsync(webhook._authority.Server(), webhook.AnswerAsync);
        return webhook;
    }

    /// <summary>A JSONPatch answer.</summary>
    public static JsonObject Patch(string patch) => new()
    {
        ["allowed"] = true,
        ["patchType"] = "JSONPatch",
        ["patch"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(patch)),
    };

    /// <summary>A configuration of one webhook for configmaps; <paramref name="more"/> are members of it.</summary>
    public string Configuration(string name, string more = "") => $$"""
        {"metadata":{"name":"{{name}}"},"webhooks":[{"name":"{{name}}.example.dev",
          "clientConfig":{"url":"{{Url}}/x","caBundle":"{{CaBundle}}"},
          "rules":[{"apiGroups":[""],"apiVersions":["v1"],"operations":["*"],"resources":["configmaps"],"scope":"*"}],
          "sideEffects":"None","timeoutSeconds":5,"admissionReviewVersions":["v1"]{{(more.Length > 0 ? "," + more : "")}}}]}
        """;

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _authority.Dispose();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var question = (await JsonNode.ParseAsync(context.Request.Body))!["request"]!.AsObject();
        lock (Asked)
        {
            Asked.Add(question);
        }

        var response = _answer(question);
        response["uid"] = question["uid"]!.DeepClone();
        var review = new JsonObject { ["apiVersion"] = "admission.k8s.io/v1", ["kind"] = "AdmissionReview", ["response"] = response };
        await context.Response.WriteAsync(review.ToJsonString());
    }
}

using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Portcullis.ApiServer.Tests.Policy;

/// <summary>A webhook over HTTPS that answers as the test says: a function from the request's question to the response's members.</summary>
internal sealed class TestWebhook : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly TestAuthority _authority = new(TimeProvider.System.GetUtcNow());

    private TestWebhook(Func<JsonObject, JsonObject> answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        _ = builder.Logging.ClearProviders();
        _ = builder.WebHost.UseKestrelHttpsConfiguration();
        _ = builder.WebHost.ConfigureKestrel(options => options.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(_authority.Server())));
        _application = builder.Build();
        _application.Run(async context =>
        {
            var question = (await JsonNode.ParseAsync(context.Request.Body))!["request"]!.AsObject();
            lock (Asked)
            {
                Asked.Add(question);
            }

            var response = answer(question);
            response["uid"] = question["uid"]!.DeepClone();
            var review = new JsonObject { ["apiVersion"] = "admission.k8s.io/v1", ["kind"] = "AdmissionReview", ["response"] = response };
            await context.Response.WriteAsync(review.ToJsonString());
        });
    }

    public List<JsonObject> Asked { get; } = [];

    public string Url => _application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();

    public string CaBundle => Convert.ToBase64String(Encoding.ASCII.GetBytes(_authority.Certificate.ExportCertificatePem()));

    public static async Task<TestWebhook> StartAsync(Func<JsonObject, JsonObject> answer)
    {
        var webhook = new TestWebhook(answer);
        await webhook._application.StartAsync();
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
        await _application.DisposeAsync();
        _authority.Dispose();
    }
}

using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Portcullis.Http.Serving;
using Portcullis.Testing.Servers;

namespace Portcullis.ApiServer.Tests.Conformance;

/// <summary>The admission webhook that the recordings were made with: answers, and fails, as the step says.</summary>
internal sealed class WebhookServer : IAsyncDisposable
{
    private readonly X509Certificate2 _certificate = LoopbackCertificate.Create();
    private readonly List<JsonNode> _received = [];
    private HttpServer _server = null!;

    public string Behaviour { get; set; } = "allow";

    public string CaBundle => Convert.ToBase64String(Encoding.ASCII.GetBytes(_certificate.ExportCertificatePem()));

    public string Address => _server.Address;

    public static async Task<WebhookServer> StartAsync()
    {
        var webhook = new WebhookServer();
        webhook._server = await LoopbackServer.StartAsync(webhook._certificate, webhook.AnswerAsync);
        return webhook;
    }

    /// <summary>What came in since the last call.</summary>
    public JsonArray Take()
    {
        lock (_received)
        {
            var taken = new JsonArray(_received.Select(r => (JsonNode?)r).ToArray());
            _received.Clear();
            return taken;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _certificate.Dispose();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var body = await JsonNode.ParseAsync(context.Request.Body);
        lock (_received)
        {
            _received.Add(new JsonObject
            {
                ["path"] = context.Request.Path + context.Request.QueryString,
                ["contentType"] = context.Request.ContentType,
                ["body"] = body!.DeepClone(),
            });
        }

        var uid = body!["request"]!["uid"]!.ToString();
        switch (Behaviour)
        {
            case "500":
                context.Response.StatusCode = 500;
                await context.Response.WriteAsync("boom");
                return;
            case "garbage":
                await context.Response.WriteAsync("\"garbage\"");
                return;
            case "slow":
                // Until the caller gives up.
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);
                break;
            default:
                break;
        }

        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(new JsonObject
        {
            ["apiVersion"] = "admission.k8s.io/v1",
            ["kind"] = "AdmissionReview",
            ["response"] = Response(uid),
        }.ToJsonString());
    }

    private JsonObject Response(string uid)
    {
        var response = new JsonObject { ["uid"] = Behaviour == "wronguid" ? "other" : uid, ["allowed"] = !Behaviour.StartsWith("deny", StringComparison.Ordinal) };
        switch (Behaviour)
        {
            case "deny":
                response["status"] = new JsonObject { ["code"] = 403, ["message"] = "image did not meet required signing policy" };
                break;
            case "warn":
                response["warnings"] = new JsonArray("careful", "second");
                break;
            case "patch":
                response["patchType"] = "JSONPatch";
                response["patch"] = Convert.ToBase64String("""[{"op":"add","path":"/data/patched","value":"yes"}]"""u8);
                break;
            case "badpatch":
                response["patchType"] = "JSONPatch";
                response["patch"] = Convert.ToBase64String("not json"u8);
                break;
            default:
                break;
        }

        return response;
    }
}

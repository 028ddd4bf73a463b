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
using Portcullis.Testing.Servers;

namespace Portcullis.ApiServer.Tests.Conformance;

/// <summary>The admission webhook that the recordings were made with: answers, and fails, as the step says.</summary>
internal sealed class WebhookServer : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly List<JsonNode> _received = [];

    private WebhookServer(WebApplication application, string caBundle)
    {
        _application = application;
        CaBundle = caBundle;
    }

    public string Behaviour { get; set; } = "allow";

    public string CaBundle { get; }

    public string Address => _application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();

    public static async Task<WebhookServer> StartAsync()
    {
        var certificate = LoopbackCertificate.Create();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(o => o.Listen(IPAddress.Loopback, 0, l => l.UseHttps(certificate)));
        var application = builder.Build();
        var server = new WebhookServer(application, Convert.ToBase64String(Encoding.ASCII.GetBytes(certificate.ExportCertificatePem())));
        application.Run(server.AnswerAsync);
        await application.StartAsync();
        return server;
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

    public async ValueTask DisposeAsync() => await _application.DisposeAsync();

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
                await Task.Delay(TimeSpan.FromSeconds(3), TimeProvider.System, context.RequestAborted);
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

using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Portcullis.ApiServer.Discovery;
using Portcullis.ApiServer.Errors;
using Portcullis.ApiServer.Http;

namespace Portcullis.ApiServer.Endpoints;

/// <summary>Paths that name no resource: version, health, discovery, OpenAPI.</summary>
internal sealed class DocumentEndpoint(DiscoveryDocuments discovery, OpenApiDocuments openApi)
{
    public Task HandleAsync(HttpContext context, string path)
    {
        var answer = Find(context, path);
        if (answer is null)
        {
            return Answer.TextAsync(context, 404, "404 page not found\n");
        }

        return HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method)
            ? answer()
            : throw StatusException.MethodNotAllowed();
    }

    private Func<Task>? Find(HttpContext context, string path)
    {
        var parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        return parts switch
        {
            ["version"] => () => Answer.WriteAsync(context, 200, Version()),
            ["healthz" or "livez" or "readyz", ..] => () => Answer.TextAsync(context, 200, "ok"),
            ["api"] => () => DiscoveryAsync(context, discovery.CoreVersions, core: true),
            ["apis"] => () => DiscoveryAsync(context, discovery.Groups, core: false),
            ["api", var version] => Json(context, discovery.Resources("", version)),
            ["apis", var group] => Json(context, discovery.Group(group)),
            ["apis", var group, var version] => Json(context, discovery.Resources(group, version)),
            ["openapi", "v2"] => () => OpenApiDocuments.V2Async(context),
            ["openapi", "v3"] => () => Answer.WriteAsync(context, 200, openApi.Index()),
            ["openapi", "v3", .. var rest] when openApi.Document(string.Join('/', rest)) is { } document =>
                () => Answer.WriteAsync(context, 200, "application/json", document),
            _ => null,
        };
    }

    private static Func<Task>? Json(HttpContext context, JsonObject? value) =>
        value is null ? null : () => Answer.WriteAsync(context, 200, value, Representation.Negotiate(context.Request));

    private Task DiscoveryAsync(HttpContext context, Func<JsonObject> plain, bool core)
    {
        var representation = Representation.Negotiate(context.Request);
        return representation?.Shape == AnswerShape.Discovery
            ? Answer.WriteAsync(context, 200, discovery.Aggregated(core), representation)
            : Answer.WriteAsync(context, 200, plain(), representation);
    }

    /// <summary>The API this server keeps to is Kubernetes 1.36's.</summary>
    private static JsonObject Version() => new()
    {
        ["major"] = "1",
        ["minor"] = "36",
        ["emulationMajor"] = "1",
        ["emulationMinor"] = "36",
        ["minCompatibilityMajor"] = "1",
        ["minCompatibilityMinor"] = "35",
        ["gitVersion"] = "v1.36.0-portcullis",
        ["gitCommit"] = "",
        ["gitTreeState"] = "",
        ["buildDate"] = "1970-01-01T00:00:00Z",
        ["goVersion"] = "",
        ["compiler"] = "dotnet",
        ["platform"] = "linux/amd64",
    };
}

using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Portcullis.Objects.Json;

namespace Portcullis.Admission;

/// <summary>
/// Reads an AdmissionReview from an HTTP request and writes the decision as its response. Of a request that is not the API server's nothing is
/// read: who made a change, and what others may do, is stated on the word of the API server alone.
/// </summary>
internal sealed class AdmissionEndpoint(WebhookDispatcher webhooks, AdmissionPaths paths)
{
    public async Task HandleAsync(HttpContext context)
    {
        if (await paths.WebhookOfAsync(context.Request.Path.Value ?? "", context.RequestAborted) is not { } path || !webhooks.Has(path))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        if (context.Request.Method != HttpMethods.Post || await ReadAsync(context) is not { } request)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }

        var response = await webhooks.DecideAsync(path, request, context.RequestAborted);
        context.Response.ContentType = "application/json";
        await context.Response.Body.WriteAsync(KubernetesJson.ToBytes((JsonNode)response.ToReview(request.Uid)), context.RequestAborted);
    }

    private static async Task<AdmissionRequest?> ReadAsync(HttpContext context)
    {
        try
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body, context.RequestAborted);
            return AdmissionRequest.Read(KubernetesJson.Parse(body.GetBuffer().AsSpan(0, (int)body.Length)));
        }
        catch (Exception e) when (e is JsonException or BadHttpRequestException)
        {
            return null;
        }
    }
}

using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Portcullis.Objects.Json;

namespace Portcullis.Admission;

/// <summary>Reads an AdmissionReview from an HTTP request and writes the decision as its response.</summary>
internal sealed class AdmissionEndpoint(WebhookDispatcher webhooks)
{
    public async Task HandleAsync(HttpContext context)
    {
        if (context.Request.Method != HttpMethods.Post || await ReadAsync(context) is not { } request)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }

        if (await webhooks.DecideAsync(context.Request.Path.Value ?? "", request, context.RequestAborted) is not { } response)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

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

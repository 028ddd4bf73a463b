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
    /// <summary>
    /// The API server writes each key once. A second one is not looked for, which would cost as much as the reading; an object that has one is refused where
    /// it is looked into, since <see cref="JsonObject"/> takes none.
    /// </summary>
    private static readonly JsonDocumentOptions Reading = new() { MaxDepth = KubernetesJson.MaxDepth };

    public async Task HandleAsync(HttpContext context)
    {
        if (await paths.WebhookOfAsync(context.Request.Path.Value ?? "", context.RequestAborted) is not { } path || !webhooks.Has(path))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        using var review = context.Request.Method == HttpMethods.Post ? await ReadAsync(context) : null;
        if (review is null || AdmissionRequest.Read(review.RootElement) is not { } request)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }

        var response = await webhooks.DecideAsync(path, request, context.RequestAborted);
        var answer = KubernetesJson.ToBytes((JsonNode)response.ToReview(request.Uid));
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = answer.Length; // without it the end of the answer is sent by itself
        await context.Response.Body.WriteAsync(answer, context.RequestAborted);
    }

    private static async Task<JsonDocument?> ReadAsync(HttpContext context)
    {
        try
        {
            return await JsonDocument.ParseAsync(context.Request.Body, Reading, context.RequestAborted);
        }
        catch (Exception e) when (e is JsonException or BadHttpRequestException)
        {
            return null;
        }
    }
}

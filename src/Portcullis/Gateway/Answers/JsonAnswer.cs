using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Portcullis.Core.Registries.Requests;

namespace Portcullis.Gateway.Answers;

/// <summary>Answers that the gateway writes itself.</summary>
internal static class JsonAnswer
{
    public const string MediaType = "application/json";

    /// <summary>A refusal in the specification's form ("Error Codes").</summary>
    public static Task ErrorAsync(HttpContext http, RegistryError error)
    {
        http.Response.StatusCode = error.Status;
        if (error.Status == StatusCodes.Status503ServiceUnavailable)
        {
            http.Response.Headers.RetryAfter = "5";
        }

        return WriteAsync(http, MediaType, json =>
        {
            json.WriteStartArray("errors");
            json.WriteStartObject();
            json.WriteString("code", error.Code);
            json.WriteString("message", error.Message);
            json.WriteEndObject();
            json.WriteEndArray();
        });
    }

    /// <param name="http">Whose answer it is.</param>
    /// <param name="mediaType">Of the answer.</param>
    /// <param name="content">Writes the fields of one object.</param>
    public static Task WriteAsync(HttpContext http, string mediaType, Action<Utf8JsonWriter> content)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            content(json);
            json.WriteEndObject();
        }

        http.Response.ContentType = mediaType;
        http.Response.ContentLength = bytes.WrittenCount;
        http.Response.Headers[GatewayHeaders.ApiVersion] = GatewayHeaders.ApiVersionValue;
        return HttpMethods.IsHead(http.Request.Method) ? Task.CompletedTask : http.Response.Body.WriteAsync(bytes.WrittenMemory, http.RequestAborted).AsTask();
    }

    /// <summary>Says where the next part of a list is (RFC 5988; OCI distribution, "Listing Tags").</summary>
    public static void LinkNext(HttpResponse response, string path, RegistryPage page, string? next)
    {
        if (next is not null)
        {
            response.Headers.Link = string.Create(CultureInfo.InvariantCulture, $"<{path}?n={page.Count}&last={Uri.EscapeDataString(next)}>; rel=\"next\"");
        }
    }
}

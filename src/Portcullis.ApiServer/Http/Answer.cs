using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Portcullis.Objects.Json;
using Portcullis.Objects.Yaml;

namespace Portcullis.ApiServer.Http;

/// <summary>Writes answers.</summary>
internal static class Answer
{
    public static readonly JsonWriterOptions Writing = new()
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        MaxDepth = KubernetesJson.MaxDepth,
        SkipValidation = true,
    };

    public static Task WriteAsync(HttpContext context, int code, JsonNode value, Representation? representation = null)
    {
        var isYaml = representation?.MediaType == "application/yaml";
        var bytes = isYaml ? System.Text.Encoding.UTF8.GetBytes(KubernetesYaml.Write(value)) : KubernetesJson.ToBytes(value);
        return WriteAsync(context, code, representation?.MediaType ?? "application/json", bytes);
    }

    public static async Task WriteAsync(HttpContext context, int code, string mediaType, ReadOnlyMemory<byte> bytes)
    {
        context.Response.StatusCode = code;
        context.Response.ContentType = mediaType;
        context.Response.ContentLength = bytes.Length;
        await context.Response.BodyWriter.WriteAsync(bytes, context.RequestAborted);
    }

    public static Task TextAsync(HttpContext context, int code, string text) =>
        WriteAsync(context, code, "text/plain; charset=utf-8", System.Text.Encoding.UTF8.GetBytes(text));

    public static Task StatusAsync(HttpContext context, StatusException status)
    {
        if (status.Details?["retryAfterSeconds"] is { } seconds)
        {
            context.Response.Headers.RetryAfter = seconds.ToString();
        }

        return WriteAsync(context, status.Code, status.ToStatus());
    }

    public static void Warn(HttpContext context, IReadOnlyList<string> warnings)
    {
        foreach (var warning in warnings.Distinct(StringComparer.Ordinal))
        {
            var quoted = warning.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);
            context.Response.Headers.Append("Warning", $"299 - \"{quoted.Replace("\n", " ", StringComparison.Ordinal)}\"");
        }
    }
}

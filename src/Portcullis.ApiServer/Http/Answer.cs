using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Portcullis.ApiServer.Errors;
using Portcullis.Objects.Json;
using Portcullis.Objects.Yaml;

namespace Portcullis.ApiServer.Http;

/// <summary>Writes answers.</summary>
internal static class Answer
{
    private const int WarningsLength = 4096;
    private const int WarningLength = 256;

    public static readonly JsonWriterOptions Writing = new()
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        MaxDepth = KubernetesJson.MaxDepth,
        SkipValidation = true,
    };

    public static Task WriteAsync(HttpContext context, int code, JsonNode value, Representation? representation = null)
    {
        var isYaml = representation?.MediaType == "application/yaml";
        var bytes = isYaml ? System.Text.Encoding.UTF8.GetBytes(KubernetesYaml.Write(Sorted(value))) : KubernetesJson.ToBytes(value);
        return WriteAsync(context, code, representation?.MediaType ?? "application/json", bytes);
    }

    /// <summary>YAML answers have their keys in order, as the real API's do.</summary>
    private static JsonNode Sorted(JsonNode node) => node switch
    {
        JsonObject o => new JsonObject(o.OrderBy(m => m.Key, StringComparer.Ordinal).Select(SortedMember)),
        JsonArray list => new JsonArray(list.Select(item => item is null ? null : Sorted(item)).ToArray()),
        _ => node.DeepClone(),
    };

    private static KeyValuePair<string, JsonNode?> SortedMember(KeyValuePair<string, JsonNode?> member) =>
        KeyValuePair.Create(member.Key, member.Value is null ? null : Sorted(member.Value));

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

    /// <summary>
    /// Headers as the real API sends them: all warnings as long as they have 4,096 characters together, else the first ones, cut to 256 each.
    /// </summary>
    public static void Warn(HttpContext context, IReadOnlyList<string> warnings)
    {
        var distinct = warnings.Distinct(StringComparer.Ordinal).ToList();
        var longest = distinct.Sum(w => (long)w.Length) > WarningsLength ? WarningLength : WarningsLength;
        var left = WarningsLength;
        foreach (var warning in distinct)
        {
            var text = warning.Length > longest ? warning[..longest] : warning;
            if ((left -= text.Length) < 0)
            {
                return;
            }

            var quoted = text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);
            context.Response.Headers.Append("Warning", $"299 - \"{quoted.Replace("\n", " ", StringComparison.Ordinal)}\"");
        }
    }
}

using System.Text;
using System.Text.Json.Nodes;
using Portcullis.Objects.Json;

namespace Portcullis.Core.Revisions;

/// <summary>
/// Secrets as they are stored. <c>stringData</c> is only for writing and comes back inside <c>data</c>: written as <c>data</c>, its keys are
/// compared, and leave when Git drops them, like any other. The values are never shown.
/// </summary>
public static class SecretContent
{
    internal const string Hidden = "(hidden)";

    public static bool IsSecret(JsonObject value) => value.String("kind") == "Secret" && value.String("apiVersion") is "v1" or null;

    /// <summary>The object itself unless it is a Secret with <c>stringData</c> that a server would accept.</summary>
    public static JsonObject Written(JsonObject value)
    {
        if (!IsSecret(value) || value["stringData"] is not JsonObject text || value["data"] is not (null or JsonObject)
            || text.Any(t => t.Value is not JsonValue one || !one.TryGetValue(out string? _)))
        {
            return value;
        }

        var written = (JsonObject)value.DeepClone();
        written.Remove("stringData");
        var data = written.Object("data") ?? [];
        foreach (var (key, content) in text)
        {
            data[key] = Convert.ToBase64String(Encoding.UTF8.GetBytes(content!.GetValue<string>()));
        }

        written["data"] = data;
        return written;
    }

    /// <summary>Whether the value of a field of a Secret is not for anybody's eyes.</summary>
    internal static bool IsHidden(string path) =>
        path is "data" or "stringData" || path.StartsWith("data.", StringComparison.Ordinal) || path.StartsWith("stringData.", StringComparison.Ordinal)
        || path.StartsWith("metadata.annotations.kubectl.kubernetes.io/", StringComparison.Ordinal);
}

using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;
using Portcullis.Objects.Json;

namespace Portcullis.Kubernetes.Client;

/// <summary>One line of a watch: ADDED, MODIFIED, DELETED, BOOKMARK or ERROR, with the object as it came.</summary>
public sealed record WatchEvent(string Type, JsonElement Object)
{
    public const string Added = "ADDED";
    public const string Modified = "MODIFIED";
    public const string Deleted = "DELETED";
    public const string Bookmark = "BOOKMARK";
    public const string Error = "ERROR";

    /// <summary>The version after which a watch continues; empty when the object has none.</summary>
    public string ResourceVersion =>
        Object.ValueKind == JsonValueKind.Object
        && Object.TryGetProperty("metadata", out var metadata)
        && metadata.ValueKind == JsonValueKind.Object
        && metadata.TryGetProperty("resourceVersion", out var version)
            ? version.GetString() ?? ""
            : "";

    /// <summary>An ERROR event's Status as the exception it is.</summary>
    internal KubernetesApiException ToException()
    {
        var status = KubernetesJson.Parse(System.Runtime.InteropServices.JsonMarshal.GetRawUtf8Value(Object));
        var code = Object.ValueKind == JsonValueKind.Object && Object.TryGetProperty("code", out var c) && c.TryGetInt32(out var number) ? number : 500;
        return new KubernetesApiException(
            (HttpStatusCode)code,
            status.String("reason") ?? "",
            status.String("message") ?? "The watch ended with an error without a message.",
            status as System.Text.Json.Nodes.JsonObject);
    }
}

/// <summary>The JSON of the client's own records.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    MaxDepth = KubernetesJson.MaxDepth + 2,
    DefaultBufferSize = 16 * 1024)]
[JsonSerializable(typeof(WatchEvent))]
internal sealed partial class ClientJsonContext : JsonSerializerContext;

using System.Text.Json.Nodes;
using Portcullis.ApiServer.Kinds;
using Portcullis.Objects.Json;

namespace Portcullis.ApiServer.Resources;

/// <summary>An object seen through its scale subresource (autoscaling/v1 Scale).</summary>
internal static class ScaleView
{
    public static JsonObject Of(ServedKind kind, JsonObject value)
    {
        var metadata = Metadata.Of(value);
        var status = new JsonObject { ["replicas"] = Find(value, kind.Scale!.Status)?.DeepClone() ?? 0 };
        if (kind.Scale.Selector is { } selector && Find(value, selector) is JsonValue text)
        {
            status["selector"] = text.DeepClone();
        }

        var replicas = Find(value, kind.Scale.Spec);
        var view = new JsonObject();
        foreach (var name in new[] { "name", "namespace", "uid", "resourceVersion", "creationTimestamp" })
        {
            if (metadata[name] is { } member)
            {
                view[name] = member.DeepClone();
            }
        }

        return new JsonObject
        {
            ["kind"] = "Scale",
            ["apiVersion"] = "autoscaling/v1",
            ["metadata"] = view,
            ["spec"] = replicas is null ? new JsonObject() : new JsonObject { ["replicas"] = replicas.DeepClone() },
            ["status"] = status,
        };
    }

    /// <summary>A copy of the object with the scale's wish, and its resourceVersion if it names one.</summary>
    public static JsonObject ApplyTo(ServedKind kind, JsonObject value, JsonObject scale)
    {
        var result = (JsonObject)value.DeepClone();
        var path = kind.Scale!.Spec.TrimStart('.').Split('.');
        var at = result;
        foreach (var part in path[..^1])
        {
            if (at[part] is not JsonObject next)
            {
                at[part] = next = [];
            }

            at = next;
        }

        at[path[^1]] = scale.Object("spec")?["replicas"]?.DeepClone() ?? 0;
        if (scale.Object("metadata").String("resourceVersion") is { } version)
        {
            Metadata.Of(result)["resourceVersion"] = version;
        }

        return result;
    }

    private static JsonNode? Find(JsonObject value, string path)
    {
        JsonNode? node = value;
        foreach (var part in path.TrimStart('.').Split('.'))
        {
            node = (node as JsonObject)?[part];
        }

        return node;
    }
}

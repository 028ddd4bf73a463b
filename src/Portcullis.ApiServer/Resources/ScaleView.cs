using System.Text.Json.Nodes;
using Portcullis.ApiServer.Errors;
using Portcullis.ApiServer.Kinds;
using Portcullis.Objects.Json;
using Portcullis.Schemas.Structural;

namespace Portcullis.ApiServer.Resources;

/// <summary>An object seen through its scale subresource (autoscaling/v1 Scale).</summary>
internal static class ScaleView
{
    public const string Subresource = "scale";
    public const string Kind = "Scale";

    public static JsonObject Of(ServedKind kind, JsonObject value)
    {
        var metadata = Metadata.Of(value);
        var status = new JsonObject { ["replicas"] = Find(value, kind.Scale!.Status)?.DeepClone() ?? 0 };
        if (SelectorOf(kind, value) is { } selector)
        {
            status["selector"] = selector;
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
            ["kind"] = Kind,
            ["apiVersion"] = "autoscaling/v1",
            ["metadata"] = view,
            ["spec"] = replicas is null ? new JsonObject() : new JsonObject { ["replicas"] = replicas.DeepClone() },
            ["status"] = status,
        };
    }

    /// <summary>A copy of the object with the replicas that the scale asks for, and its resourceVersion if it names one.</summary>
    /// <exception cref="StatusException">The replicas are negative.</exception>
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

        var replicas = scale.Object("spec")?["replicas"]?.DeepClone() ?? 0;
        if (replicas is JsonValue number && number.TryGetValue(out long count) && count < 0)
        {
            throw StatusException.Invalid("autoscaling", Kind, Metadata.Of(value).String("name") ?? "", [new FieldError("FieldValueInvalid", "spec.replicas", $"Invalid value: {count}: must be greater than or equal to 0")]);
        }

        at[path[^1]] = replicas;
        if (scale.Object("metadata").String("resourceVersion") is { } version)
        {
            Metadata.Of(result)["resourceVersion"] = version;
        }

        return result;
    }

    /// <summary>As text: custom kinds write it themselves into their status, built-in ones have it as an object.</summary>
    private static string? SelectorOf(ServedKind kind, JsonObject value) =>
        kind.Scale!.Selector is not { } path ? null
        : kind.IsCustom ? (Find(value, path) as JsonValue)?.ToString()
        : value.Object("spec").Object("selector") is { } selector ? SelectorText.Of(selector) : null;

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

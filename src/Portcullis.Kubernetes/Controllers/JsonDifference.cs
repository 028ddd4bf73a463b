using System.Text.Json.Nodes;

namespace Portcullis.Kubernetes.Controllers;

/// <summary>The smallest JSON merge patch (RFC 7386) from one object to another.</summary>
internal static class JsonDifference
{
    /// <summary>Null when the two are equal.</summary>
    public static JsonObject? MergePatch(JsonObject from, JsonObject to)
    {
        var patch = new JsonObject();
        foreach (var (name, value) in to)
        {
            var old = from[name];
            if (old is JsonObject oldObject && value is JsonObject newObject)
            {
                if (MergePatch(oldObject, newObject) is { } inner)
                {
                    patch[name] = inner;
                }
            }
            else if (!JsonNode.DeepEquals(old, value) || (value is null && !from.ContainsKey(name)))
            {
                patch[name] = value?.DeepClone();
            }
        }

        foreach (var (name, _) in from)
        {
            if (!to.ContainsKey(name))
            {
                patch[name] = null;
            }
        }

        return patch.Count == 0 ? null : patch;
    }
}

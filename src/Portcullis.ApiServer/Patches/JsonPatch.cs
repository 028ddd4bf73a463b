using System.Globalization;
using System.Text.Json.Nodes;
using Portcullis.ApiServer.Errors;
using Portcullis.ApiServer.Http;
using Portcullis.Objects.Json;

namespace Portcullis.ApiServer.Patches;

/// <summary>RFC 6902. Every failure is answered alike, as the real API does.</summary>
internal static class JsonPatch
{
    private const int MaxOperations = 10_000;

    /// <summary>What all copies of a patch may add together, as in the real API: the size of the largest body.</summary>
    private const long MaxCopiedBytes = BodyReader.MaxBytes;

    /// <summary>A patched copy.</summary>
    public static JsonObject Apply(JsonObject value, JsonArray patch)
    {
        if (patch.Count > MaxOperations)
        {
            throw new StatusException(
                413,
                "RequestEntityTooLarge",
                $"The allowed maximum operations in a JSON patch is {MaxOperations}, got {patch.Count}");
        }

        JsonNode? root = value.DeepClone();
        var copied = 0L;
        foreach (var entry in patch)
        {
            root = entry is JsonObject operation ? Apply(root, operation, ref copied) : throw Rejected();
        }

        CheckDepth(root, 1);
        return root as JsonObject ?? throw Rejected();
    }

    /// <summary>Moves and copies into each other nest a value as deep as there are operations; whoever reads it would run out of stack.</summary>
    private static void CheckDepth(JsonNode? node, int depth)
    {
        if (depth > KubernetesJson.MaxDepth)
        {
            throw Rejected();
        }

        var below = node switch
        {
            JsonObject o => o.Select(p => p.Value),
            JsonArray list => list,
            _ => [],
        };
        foreach (var child in below.Where(c => c is JsonObject or JsonArray))
        {
            CheckDepth(child, depth + 1);
        }
    }

    public static StatusException Rejected() => new(422, "Invalid", "the server rejected our request due to an error in our request", []);

    private static JsonNode? Apply(JsonNode? root, JsonObject operation, ref long copied)
    {
        var path = Pointer(operation.String("path"));
        switch (operation.String("op"))
        {
            case "add":
                return Add(root, path, Value(operation));
            case "replace":
                _ = Find(root, path);
                return path.Length == 0 ? Value(operation) : Add(Remove(root, path), path, Value(operation));
            case "remove":
                return Remove(root, path);
            case "test":
                return JsonNode.DeepEquals(Find(root, path), operation["value"]) ? root : throw Rejected();
            case "copy":
                var source = Find(root, Pointer(operation.String("from")));
                CheckDepth(source, 1);
                copied += KubernetesJson.ToText(source).Length;
                return copied > MaxCopiedBytes ? throw Rejected() : Add(root, path, source?.DeepClone());
            case "move":
                var from = Pointer(operation.String("from"));
                var moved = Find(root, from);
                return Add(Remove(root, from), path, moved);
            default:
                throw Rejected();
        }
    }

    private static JsonNode? Value(JsonObject operation) =>
        operation.TryGetPropertyValue("value", out var value) ? value?.DeepClone() : throw Rejected();

    private static string[] Pointer(string? text)
    {
        if (text is null || (text.Length > 0 && text[0] != '/'))
        {
            throw Rejected();
        }

        return text.Length == 0
            ? []
            : text[1..].Split('/').Select(p => p.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal)).ToArray();
    }

    private static JsonNode? Find(JsonNode? node, ReadOnlySpan<string> path)
    {
        foreach (var part in path)
        {
            node = node switch
            {
                JsonObject o when o.TryGetPropertyValue(part, out var member) => member,
                JsonArray list when Index(part, list.Count - 1) is { } index => list[index],
                _ => throw Rejected(),
            };
        }

        return node;
    }

    private static JsonNode? Add(JsonNode? root, string[] path, JsonNode? value)
    {
        if (path.Length == 0)
        {
            return value;
        }

        switch (Find(root, path.AsSpan(0, path.Length - 1)))
        {
            case JsonObject o:
                o[path[^1]] = value;
                break;
            case JsonArray list when path[^1] == "-":
                list.Add(value);
                break;
            case JsonArray list when Index(path[^1], list.Count) is { } index:
                list.Insert(index, value);
                break;
            default:
                throw Rejected();
        }

        return root;
    }

    private static JsonNode? Remove(JsonNode? root, string[] path)
    {
        if (path.Length == 0)
        {
            return null;
        }

        switch (Find(root, path.AsSpan(0, path.Length - 1)))
        {
            case JsonObject o when o.Remove(path[^1]):
                break;
            case JsonArray list when Index(path[^1], list.Count - 1) is { } index:
                list.RemoveAt(index);
                break;
            default:
                throw Rejected();
        }

        return root;
    }

    private static int? Index(string text, int max) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index <= max ? index : null;
}

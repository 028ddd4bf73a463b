using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Portcullis.Core.Hardening;

/// <summary>Says what is wrong with the type or value of a key on every engine that supports it.</summary>
internal static class DaemonValueCheck
{
    public static string? Check(DaemonKey key, JsonNode? value) => WrongType(key, value) ?? WrongValue(key, value!);

    private static string? WrongType(DaemonKey key, JsonNode? value)
    {
        var fits = key.Type switch
        {
            DaemonKeyType.Boolean => value is JsonValue v && v.GetValueKind() is JsonValueKind.True or JsonValueKind.False,
            DaemonKeyType.Integer => IsInteger(value),
            DaemonKeyType.Text => IsText(value),
            DaemonKeyType.TextList => value is JsonArray list && list.All(IsText),
            DaemonKeyType.TextMap => value is JsonObject map && map.All(p => IsText(p.Value)),
            DaemonKeyType.BooleanMap => value is JsonObject flags && flags.All(p => p.Value?.GetValueKind() is JsonValueKind.True or JsonValueKind.False),
            DaemonKeyType.Mapping => value is JsonObject,
            DaemonKeyType.ObjectList => value is JsonArray objects && objects.All(o => o is JsonObject),
            _ => false,
        };
        return fits ? null : WrongMember(key, value) ?? $"{key.Name} must be {Describe(key.Type)}, not {Describe(value)}";
    }

    /// <summary>The first value of a list or mapping that does not fit; the list itself is as it should be.</summary>
    private static string? WrongMember(DaemonKey key, JsonNode? value) => (key.Type, value) switch
    {
        (DaemonKeyType.TextList, JsonArray list) => list.Index().Where(v => !IsText(v.Item)).Select(v => Quote($"{key.Name}[{v.Index}]", v.Item)).First(),
        (DaemonKeyType.TextMap, JsonObject map) => map.Where(p => !IsText(p.Value)).Select(p => Quote($"{key.Name}.{p.Key}", p.Value)).First(),
        (DaemonKeyType.BooleanMap, JsonObject flags) =>
            flags.Where(p => p.Value?.GetValueKind() is not (JsonValueKind.True or JsonValueKind.False)).Select(p => $"{key.Name}.{p.Key} must be true or false, not {Describe(p.Value)}").First(),
        _ => null,
    };

    private static string Quote(string name, JsonNode? value) => value?.GetValueKind() is JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False
        ? $"{name} must be a string, not {Describe(value)}: put it in quotes"
        : $"{name} must be a string, not {Describe(value)}";

    private static string? WrongValue(DaemonKey key, JsonNode value)
    {
        if (key.Name == "log-level" && DaemonKeys.LogDrivers.Contains(value.GetValue<string>(), StringComparer.Ordinal))
        {
            return $"log-level cannot be \"{value.GetValue<string>()}\", which is a log driver: write log-driver: {value.GetValue<string>()}";
        }

        if (key.Values.Count > 0 && !key.Values.Contains(Plain(value), StringComparer.Ordinal))
        {
            return $"{key.Name} must be {string.Join(", ", key.Values)}, not {Plain(value)}";
        }

        if (key.Minimum is { } minimum && value.GetValueKind() == JsonValueKind.Number && Number(value) < minimum)
        {
            return $"{key.Name} must be at least {minimum}, not {Plain(value)}";
        }

        if (key.Members.Count > 0 && ((JsonObject)value).FirstOrDefault(p => !key.Members.Contains(p.Key, StringComparer.Ordinal)).Key is { } member)
        {
            return $"{key.Name} has no {member}: write {string.Join(", ", key.Members)}";
        }

        return key.Name switch
        {
            "labels" => WrongLabel((JsonArray)value),
            "registry-mirrors" => WrongMirror((JsonArray)value),
            "insecure-registries" => WrongRegistry((JsonArray)value),
            "default-shm-size" => WrongSize(key.Name, value.GetValue<string>()),
            "exec-opts" or "storage-opts" => WrongPair(key.Name, (JsonArray)value),
            "default-ulimits" => WrongUlimit((JsonObject)value),
            "runtimes" when ((JsonObject)value).ContainsKey("runc") => "runtimes must not contain runc, which the engine defines itself",
            _ => null,
        };
    }

    private static string? WrongLabel(JsonArray labels)
    {
        var seen = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var label in labels.Select(l => l!.GetValue<string>()))
        {
            var cut = label.IndexOf('=', StringComparison.Ordinal);
            if (cut <= 0)
            {
                return $"labels must be a list of key=value, not \"{label}\"";
            }

            if (!seen.TryAdd(label[..cut], label) && seen[label[..cut]] != label)
            {
                return $"labels has two values for {label[..cut]}: {seen[label[..cut]]} and {label}";
            }
        }

        return null;
    }

    /// <summary>moby's ValidateMirror. The message does not repeat what may be a password.</summary>
    private static string? WrongMirror(JsonArray mirrors) =>
        mirrors.Select(m => m!.GetValue<string>()).Any(m => m.Contains('@', StringComparison.Ordinal))
            ? "registry-mirrors must be addresses without user and password, or an engine does not start: log the engine in to the mirror instead"
            : null;

    /// <summary>An engine drops the scheme with a warning; what it then shows is not what the file says.</summary>
    private static string? WrongRegistry(JsonArray registries) => registries.Select(r => r!.GetValue<string>())
        .Where(r => r.Contains("://", StringComparison.Ordinal))
        .Select(r => $"insecure-registries must name a registry without a scheme: write \"{Host(r)}\"")
        .FirstOrDefault();

    /// <summary>Without the user and password that a URL may have.</summary>
    private static string Host(string url) => url[(url.IndexOf("://", StringComparison.Ordinal) + 3)..].Split('@')[^1].TrimEnd('/');

    private static string? WrongPair(string name, JsonArray pairs) =>
        pairs.Select(p => p!.GetValue<string>()).FirstOrDefault(p => p.IndexOf('=', StringComparison.Ordinal) <= 0) is { } wrong
            ? $"{name} must be a list of name=value, not \"{wrong}\""
            : null;

    private static string? WrongSize(string name, string text)
    {
        var unit = text.AsSpan().TrimStart("0123456789.").Trim();
        var right = text.Length > 0 && char.IsAsciiDigit(text[0])
            && (unit.IsEmpty || unit.ToString().ToUpperInvariant() is "B" or "K" or "M" or "G" or "T" or "KB" or "MB" or "GB" or "TB" or "KIB" or "MIB" or "GIB" or "TIB");
        return right ? null : $"{name} must be a size such as \"64M\", not \"{text}\"";
    }

    private static string? WrongUlimit(JsonObject limits)
    {
        foreach (var (name, limit) in limits)
        {
            if (limit is not JsonObject o || o["Name"] is not JsonValue n || n.GetValueKind() != JsonValueKind.String || !IsInteger(o["Soft"]) || !IsInteger(o["Hard"]))
            {
                return $"default-ulimits.{name} must be an object such as {{\"Name\": \"{name}\", \"Soft\": 1024, \"Hard\": 2048}}";
            }

            if (n.GetValue<string>() != name)
            {
                return $"default-ulimits.{name} names {n.GetValue<string>()}: write Name: {name}";
            }

            if (Number(o["Hard"]!) >= 0 && Number(o["Soft"]!) > Number(o["Hard"]!))
            {
                return $"default-ulimits.{name} has a Soft limit above its Hard limit";
            }
        }

        return null;
    }

    private static bool IsText(JsonNode? node) => node?.GetValueKind() == JsonValueKind.String;

    private static bool IsInteger(JsonNode? node) =>
        node?.GetValueKind() == JsonValueKind.Number && long.TryParse(node.ToJsonString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _);

    private static long Number(JsonNode node) => long.Parse(node.ToJsonString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);

    private static string Plain(JsonNode value) => value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : value.ToJsonString();

    private static string Describe(DaemonKeyType type) => type switch
    {
        DaemonKeyType.Boolean => "true or false",
        DaemonKeyType.Integer => "a whole number",
        DaemonKeyType.Text => "a string",
        DaemonKeyType.TextList => "a list of strings",
        DaemonKeyType.TextMap => "a mapping of strings",
        DaemonKeyType.BooleanMap => "a mapping of true and false",
        DaemonKeyType.Mapping => "a mapping",
        _ => "a list of mappings",
    };

    private static string Describe(JsonNode? value) => value?.GetValueKind() switch
    {
        null or JsonValueKind.Null => "null",
        JsonValueKind.Object => "a mapping",
        JsonValueKind.Array => "a list",
        JsonValueKind.String => "a string",
        JsonValueKind.Number => "a number",
        _ => "true or false",
    };
}

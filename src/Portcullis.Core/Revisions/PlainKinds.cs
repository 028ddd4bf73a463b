using System.Text.Json;
using System.Text.Json.Nodes;
using Portcullis.Objects.Json;

namespace Portcullis.Core.Revisions;

/// <summary>Kinds of Kubernetes that are so plain that they are checked here, which saves a dry run an object.</summary>
public static class PlainKinds
{
    public static bool Knows(string apiVersion, string kind) => (apiVersion, kind) is ("v1", "ConfigMap" or "Namespace");

    /// <summary>What is wrong with an object of one of these kinds, each with the path of the field.</summary>
    public static IEnumerable<(string Path, string Message)> Check(string apiVersion, string kind, JsonObject value) => (apiVersion, kind) switch
    {
        ("v1", "ConfigMap") => CheckConfigMap(value),
        ("v1", "Namespace") => Unknown(value, "spec").Concat(CheckNamespace(value)),
        _ => [],
    };

    /// <summary>A name that no object can have was already reported.</summary>
    private static IEnumerable<(string Path, string Message)> CheckNamespace(JsonObject value) =>
        value.Object("metadata").String("name") is { } name && ObjectNames.IsSubdomain(name) && !ObjectNames.IsLabel(name)
            ? [("metadata.name", $"metadata.name: Invalid value: \"{name}\": must be a lower-case DNS label, at most 63")]
            : [];

    private static IEnumerable<(string Path, string Message)> CheckConfigMap(JsonObject value)
    {
        foreach (var unknown in Unknown(value, "data", "binaryData", "immutable"))
        {
            yield return unknown;
        }

        foreach (var field in new[] { "data", "binaryData" })
        {
            if (value[field] is not (null or JsonObject))
            {
                yield return (field, $"{field}: must be a map of strings");
                continue;
            }

            foreach (var (name, content) in value.Object(field) ?? [])
            {
                if (name.Length > 253 || name is "." or ".." || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.'))
                {
                    yield return ($"{field}.{name}", $"{field}: Invalid value: \"{name}\": a key may contain only letters, digits, '-', '_' and '.'");
                }
                else if (content?.GetValueKind() is not JsonValueKind.String)
                {
                    yield return ($"{field}.{name}", $"{field}.{name}: Invalid value: {content?.ToJsonString() ?? "null"}: must be a string; put it in quotes");
                }
                else if (field == "binaryData" && !Convert.TryFromBase64String(content.GetValue<string>(), new byte[content.GetValue<string>().Length], out _))
                {
                    yield return ($"{field}.{name}", $"{field}.{name}: is not base64");
                }
            }
        }

        if (value["immutable"] is { } immutable && immutable.GetValueKind() is not (JsonValueKind.True or JsonValueKind.False))
        {
            yield return ("immutable", "immutable: must be true or false");
        }
    }

    private static IEnumerable<(string Path, string Message)> Unknown(JsonObject value, params string[] known) =>
        value.Select(m => m.Key).Where(k => k is not ("apiVersion" or "kind" or "metadata") && !known.Contains(k)).Select(k => (k, $"{k}: unknown field"));
}

using System.Text.Json.Nodes;
using Portcullis.Objects.Json;

namespace Portcullis.Core.Revisions;

/// <summary>Kinds of Kubernetes that are so plain that they are checked here beyond their fields' types, which saves a dry run an object.</summary>
public static class PlainKinds
{
    public static bool Knows(string apiVersion, string kind) => (apiVersion, kind) is ("v1", "ConfigMap" or "Namespace");

    /// <summary>What is wrong with an object of one of these kinds, each with the path of the field.</summary>
    public static IEnumerable<(string Path, string Message)> Check(string apiVersion, string kind, JsonObject value) => (apiVersion, kind) switch
    {
        ("v1", "ConfigMap") => CheckConfigMap(value),
        ("v1", "Namespace") => CheckNamespace(value),
        _ => [],
    };

    /// <summary>A name that no object can have was already reported.</summary>
    private static IEnumerable<(string Path, string Message)> CheckNamespace(JsonObject value) =>
        value.Object("metadata").String("name") is { } name && ObjectNames.IsSubdomain(name) && !ObjectNames.IsLabel(name)
            ? [("metadata.name", $"metadata.name: Invalid value: \"{name}\": must be a lower-case DNS label, at most 63")]
            : [];

    private static IEnumerable<(string Path, string Message)> CheckConfigMap(JsonObject value)
    {
        foreach (var field in new[] { "data", "binaryData" })
        {
            foreach (var (name, content) in value.Object(field) ?? [])
            {
                if (name.Length > 253 || name is "." or ".." || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.'))
                {
                    yield return ($"{field}.{name}", $"{field}: Invalid value: \"{name}\": a key may contain only letters, digits, '-', '_' and '.'");
                }
                else if (content is null)
                {
                    yield return ($"{field}.{name}", $"{field}.{name}: has no value: write one, or remove the line");
                }
            }
        }
    }
}

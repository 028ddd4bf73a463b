using System.Text.Json;
using System.Text.Json.Nodes;
using Portcullis.Objects.Json;

namespace Portcullis.Core.Revisions;

/// <summary>What the metadata of a declared object must and must not hold (apimachinery's rules, and what only the program writes).</summary>
public static class ManifestMetadata
{
    private static readonly string[] ServerFields =
        ["uid", "resourceVersion", "generation", "managedFields", "selfLink", "deletionTimestamp", "deletionGracePeriodSeconds"];

    private static readonly string[] DeclaredFields = ["name", "namespace", "generateName", "labels", "annotations", "finalizers", "ownerReferences", "creationTimestamp"];

    private static readonly string[] StampedAnnotations =
    [
        WellKnown.Annotations.SourceCommit, WellKnown.Annotations.SourceAuthor, WellKnown.Annotations.SourcePath, WellKnown.Annotations.SourceDigest,
    ];

    /// <summary>
    /// Field path and message of each problem. Names must be DNS subdomains where <paramref name="custom"/>; kinds of Kubernetes itself have
    /// rules of their own, and only names that no URL could contain are rejected.
    /// </summary>
    public static IEnumerable<(string Path, string Message)> Check(JsonObject value, bool custom)
    {
        if (value["metadata"] is not JsonObject metadata)
        {
            return value["metadata"] is null && value.ContainsKey("metadata") && value.ContainsKey("name")
                ? [("name", "metadata is empty: indent name below it")]
                : [("metadata", "has no metadata")];
        }

        return CheckNames(metadata, custom)
            .Concat(metadata.Select(m => m.Key).Except(DeclaredFields).Except(ServerFields).Select(f => ($"metadata.{f}", $"metadata.{f}: unknown field")))
            .Concat(CheckMap(metadata, "labels"))
            .Concat(CheckMap(metadata, "annotations"))
            .Concat(CheckReserved(value, metadata));
    }

    private static IEnumerable<(string Path, string Message)> CheckNames(JsonObject metadata, bool custom)
    {
        if (metadata["generateName"] is not null)
        {
            yield return ("metadata.generateName", "metadata.generateName: an object in Git must have metadata.name instead");
        }

        switch (metadata["name"])
        {
            case null:
                yield return ("metadata.name", "metadata.name: Required value");
                break;
            case JsonValue text when text.TryGetValue(out string? name):
                if (custom ? !ObjectNames.IsSubdomain(name) : name.Length is 0 or > 253 || (name is "." or ".." || name.AsSpan().IndexOfAny('/', '%', '|') >= 0))
                {
                    yield return ("metadata.name", $"metadata.name: Invalid value: \"{name}\": must be lower-case letters, digits, '-' and '.', at most 253");
                }

                break;
            case { } other:
                yield return ("metadata.name", $"metadata.name: Invalid value: {other.ToJsonString()}: must be a string; put it in quotes");
                break;
        }

        if (metadata["namespace"] is { } space && (metadata.String("namespace") is not { } spaceName || !ObjectNames.IsLabel(spaceName)))
        {
            yield return ("metadata.namespace", $"metadata.namespace: Invalid value: {space.ToJsonString()}: must be a lower-case DNS label");
        }
    }

    private static IEnumerable<(string Path, string Message)> CheckMap(JsonObject metadata, string field)
    {
        var path = $"metadata.{field}";
        if (metadata[field] is null)
        {
            yield break;
        }

        if (metadata[field] is not JsonObject members)
        {
            yield return (path, $"{path}: must be a map of strings");
            yield break;
        }

        foreach (var (name, value) in members)
        {
            if (!ObjectNames.IsLabelKey(name))
            {
                yield return ($"{path}.{name}", $"{path}: Invalid value: \"{name}\": is not a qualified name");
            }
            else if (value?.GetValueKind() is not JsonValueKind.String)
            {
                yield return ($"{path}.{name}", $"{path}.{name}: Invalid value: {value?.ToJsonString() ?? "null"}: must be a string; put it in quotes");
            }
            else if (field == "labels" && value.GetValue<string>() is var text && !ObjectNames.IsLabelValue(text))
            {
                yield return ($"{path}.{name}", $"{path}.{name}: Invalid value: \"{text}\": is not a label value");
            }
        }
    }

    private static IEnumerable<(string Path, string Message)> CheckReserved(JsonObject value, JsonObject metadata)
    {
        foreach (var field in ServerFields.Where(f => metadata[f] is not null))
        {
            yield return ($"metadata.{field}", $"metadata.{field}: is set by the API server and cannot be declared");
        }

        foreach (var name in StampedAnnotations.Where(a => metadata.Object("annotations")?[a] is not null))
        {
            yield return ($"metadata.annotations.{name}", $"metadata.annotations.{name}: is set by the program and cannot be declared");
        }

        if (metadata.Object("labels")?[WellKnown.Labels.Source] is not null)
        {
            yield return ($"metadata.labels.{WellKnown.Labels.Source}", $"metadata.labels.{WellKnown.Labels.Source}: is set by the program and cannot be declared");
        }

        if (value["status"] is not (null or JsonObject { Count: 0 }))
        {
            yield return ("status", "status: is written by controllers and cannot be declared");
        }
    }
}

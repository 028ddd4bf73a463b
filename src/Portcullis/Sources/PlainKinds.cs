using System.Text.Json;
using System.Text.Json.Nodes;
using Portcullis.Core.Revisions;
using Portcullis.Objects.Json;

namespace Portcullis.Sources;

/// <summary>Kinds of Kubernetes that are so plain that they are checked here, which saves a dry run an object.</summary>
internal static class PlainKinds
{
    public static bool Knows(RevisionObject one) => one.Manifest is { ApiVersion: "v1", Kind: "ConfigMap" or "Namespace" };

    /// <summary>What is wrong with an object of one of these kinds is added to the problems.</summary>
    public static void Check(RevisionObject one, List<RevisionProblem> problems)
    {
        var found = (one.Manifest.ApiVersion, one.Manifest.Kind) switch
        {
            ("v1", "ConfigMap") => CheckConfigMap(one.Manifest.ToObject()),
            ("v1", "Namespace") => Unknown(one.Manifest.ToObject(), "spec"),
            _ => [],
        };
        problems.AddRange(found.Select(p => new RevisionProblem(new SourcePosition(one.File.Path, one.File.File.LineOf(one.Manifest, p.Path)), $"{one.Identity}: {p.Message}")));
    }

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
                    yield return ($"{field}.{name}", $"{field}: Invalid value: \"{name}\": a key has letters, digits, '-', '_' and '.' only");
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

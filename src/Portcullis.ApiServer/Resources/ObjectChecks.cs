using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Portcullis.ApiServer.Kinds;
using Portcullis.Objects.Json;
using Portcullis.Schemas.Structural;

namespace Portcullis.ApiServer.Resources;

/// <summary>What every object's metadata must satisfy (apimachinery's ValidateObjectMeta and ValidateObjectMetaUpdate).</summary>
internal static partial class ObjectChecks
{
    private const string Label =
        "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";

    private const string QualifiedName =
        "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";

    private const string LabelValue =
        "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";

    private static readonly string[] PathLetters = ["/", "%"];

    private const int MaxAnnotations = 256 * 1024;

    private static readonly HashSet<string> StandardFinalizers = new(StringComparer.Ordinal) { "orphan", "foregroundDeletion", "kubernetes" };

    public static IEnumerable<FieldError> Check(ServedKind kind, JsonObject value, JsonObject? old)
    {
        var metadata = Metadata.Of(value);
        var errors = new List<FieldError>();
        errors.AddRange(Name(kind, metadata));
        foreach (var (key, label) in metadata.Object("labels") ?? [])
        {
            errors.AddRange(Key("metadata.labels", key));
            errors.AddRange(Value("metadata.labels", label?.ToString() ?? ""));
        }

        var size = 0;
        foreach (var (key, annotation) in metadata.Object("annotations") ?? [])
        {
            errors.AddRange(Key("metadata.annotations", key.ToLowerInvariant(), key));
            size += key.Length + (annotation?.ToString().Length ?? 0);
        }

        if (size > MaxAnnotations)
        {
            errors.Add(new FieldError("FieldValueTooLong", "metadata.annotations", $"Too long: may not be more than {MaxAnnotations} bytes"));
        }

        errors.AddRange(Owners(metadata));
        errors.AddRange(Finalizers(kind, metadata, old));
        return errors;
    }

    private static IEnumerable<FieldError> Name(ServedKind kind, JsonObject metadata)
    {
        var name = metadata.String("name") ?? "";
        if (name.Length == 0)
        {
            yield return new FieldError("FieldValueRequired", "metadata.name", "Required value: name or generateName is required");
            yield break;
        }

        foreach (var problem in NameProblems(kind.Resource, name))
        {
            yield return new FieldError("FieldValueInvalid", "metadata.name", $"Invalid value: \"{name}\": {problem}");
        }
    }

    private static IEnumerable<string> NameProblems(ApiResource resource, string name)
    {
        if (resource.Group == "rbac.authorization.k8s.io")
        {
            if (name is "." or "..")
            {
                yield return $"may not be '{name}'";
            }

            foreach (var letter in PathLetters.Where(l => name.Contains(l, StringComparison.Ordinal)))
            {
                yield return $"may not contain '{letter}'";
            }

            yield break;
        }

        if (resource.Kind is "Namespace" or "Service" && resource.Group.Length == 0)
        {
            if (name.Length > 63)
            {
                yield return "must be no more than 63 bytes";
            }

            if (!LabelPattern().IsMatch(name))
            {
                yield return Label;
            }

            yield break;
        }

        foreach (var problem in DnsSubdomain.Problems(name))
        {
            yield return problem;
        }
    }

    private static IEnumerable<FieldError> Key(string path, string key, string? shown = null)
    {
        shown ??= key;
        var parts = key.Split('/');
        if (parts.Length > 2)
        {
            yield return Invalid(path, shown, "a valid label key must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]') with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')");
            yield break;
        }

        if (parts.Length == 2 && (!DnsSubdomain.IsLegal(parts[0])))
        {
            yield return Invalid(path, shown, parts[0].Length == 0 ? "prefix part must be non-empty" : $"prefix part {DnsSubdomain.Words}");
        }

        var name = parts[^1];
        if (name.Length == 0)
        {
            yield return Invalid(path, shown, "name part must be non-empty");
        }
        else if (name.Length > 63)
        {
            yield return Invalid(path, shown, "name part must be no more than 63 bytes");
        }

        if (!QualifiedNamePattern().IsMatch(name))
        {
            yield return Invalid(path, shown, QualifiedName);
        }
    }

    private static IEnumerable<FieldError> Value(string path, string value)
    {
        if (value.Length > 63)
        {
            yield return Invalid(path, value, "must be no more than 63 bytes");
        }

        if (value.Length > 0 && !QualifiedNamePattern().IsMatch(value))
        {
            yield return Invalid(path, value, LabelValue);
        }
    }

    private static IEnumerable<FieldError> Owners(JsonObject metadata)
    {
        var owners = (metadata.Array("ownerReferences") ?? []).OfType<JsonObject>().ToList();
        for (var i = 0; i < owners.Count; i++)
        {
            foreach (var name in new[] { "apiVersion", "kind", "name", "uid" })
            {
                if (string.IsNullOrEmpty(owners[i].String(name)))
                {
                    var problem = name == "apiVersion" ? "version must not be empty" : $"{name} must not be empty";
                    yield return new FieldError(
                        "FieldValueInvalid", $"metadata.ownerReferences[{i}].{name}", $"Invalid value: \"\": {problem}");
                }
            }
        }

        if (owners.Count(o => o["controller"] is JsonValue flag && flag.TryGetValue(out bool on) && on) > 1)
        {
            var references = KubernetesJson.ToText(metadata.Array("ownerReferences"));
            yield return new FieldError(
                "FieldValueInvalid",
                "metadata.ownerReferences",
                $"Invalid value: {references}: Only one reference can have Controller set to true.");
        }
    }

    private static IEnumerable<FieldError> Finalizers(ServedKind kind, JsonObject metadata, JsonObject? old)
    {
        var finalizers = (metadata.Array("finalizers") ?? []).Select(f => f?.ToString() ?? "").ToList();
        for (var i = 0; i < finalizers.Count; i++)
        {
            foreach (var error in Key($"metadata.finalizers[{i}]", finalizers[i]))
            {
                yield return error;
            }

            // Only the built-in kinds' own validation asks for a path (core/validation validateKubeFinalizerName).
            if (!kind.IsCustom && !finalizers[i].Contains('/', StringComparison.Ordinal) && !StandardFinalizers.Contains(finalizers[i]))
            {
                yield return Invalid(
                    $"metadata.finalizers[{i}]", finalizers[i], "name is neither a standard finalizer name nor is it fully qualified");
            }
        }

        if (old is not null && Metadata.IsBeingDeleted(old))
        {
            var before = (Metadata.Of(old).Array("finalizers") ?? []).Select(f => f?.ToString() ?? "");
            var added = finalizers.Except(before, StringComparer.Ordinal).Select(f => $"\"{f}\"").ToList();
            if (added.Count > 0)
            {
                var error = new FieldError(
                    "FieldValueForbidden",
                    "metadata.finalizers",
                    $"Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers []string{{{string.Join(", ", added)}}}");

                // The real API checks it in two places and names both.
                yield return error;
                yield return error;
            }
        }
    }

    private static FieldError Invalid(string path, string value, string problem) =>
        new("FieldValueInvalid", path, $"Invalid value: \"{value}\": {problem}");

    [GeneratedRegex(@"\A[a-z0-9]([-a-z0-9]*[a-z0-9])?\z")]
    private static partial Regex LabelPattern();

    [GeneratedRegex(@"\A([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]\z")]
    private static partial Regex QualifiedNamePattern();
}

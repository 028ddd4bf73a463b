using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Portcullis.Objects.Json;
using Portcullis.Schemas.Structural;

namespace Portcullis.Schemas.Crds;

/// <summary>
/// What a server refuses in a CustomResourceDefinition (apiextensions/validation): its names, versions and structural schema, with the
/// paths and words of the real one as far as recorded.
/// </summary>
public static partial class CrdValidation
{
    public static IReadOnlyList<FieldError> Validate(JsonObject crd)
    {
        var errors = new List<FieldError>();
        var spec = crd.Object("spec") ?? [];
        Identity(crd, spec, errors);
        Scope(spec, errors);
        Names(spec.Object("names"), errors);
        Versions(spec, errors);
        return errors;
    }

    private static void Identity(JsonObject crd, JsonObject spec, List<FieldError> errors)
    {
        var metadata = crd.Object("metadata");
        var name = metadata.String("name") ?? "";
        var group = spec.String("group") ?? "";
        if (name != $"{spec.Object("names").String("plural")}.{group}")
        {
            errors.Add(Fault.Invalid("metadata.name", JsonValue.Create(name), "must be spec.names.plural+\".\"+spec.group"));
        }

        if (IsProtected(group) && metadata.Object("annotations").String("api-approved.kubernetes.io") is null)
        {
            errors.Add(Fault.Required(
                "metadata.annotations[api-approved.kubernetes.io]",
                "protected groups must have approval annotation \"api-approved.kubernetes.io\", see https://github.com/kubernetes/enhancements/pull/1111"));
        }

        if (group.Length == 0)
        {
            errors.Add(Fault.Required("spec.group"));
        }
        else if (!group.Contains('.', StringComparison.Ordinal))
        {
            errors.Add(Fault.Invalid("spec.group", JsonValue.Create(group), "should be a domain with at least one dot"));
        }
    }

    private static void Scope(JsonObject spec, List<FieldError> errors)
    {
        var scope = spec.String("scope") ?? "";
        if (scope.Length == 0)
        {
            errors.Add(Fault.Required("spec.scope"));
        }
        else if (scope is not ("Cluster" or "Namespaced"))
        {
            errors.Add(Fault.NotSupported("spec.scope", JsonValue.Create(scope), ["Cluster", "Namespaced"]));
        }
    }

    private static void Names(JsonObject? names, List<FieldError> errors)
    {
        foreach (var field in new[] { "plural", "singular", "kind", "listKind" })
        {
            Label($"spec.names.{field}", names.String(field), required: field is "plural" or "kind", errors);
        }

        foreach (var field in new[] { "shortNames", "categories" })
        {
            var list = names.Array(field) ?? [];
            for (var i = 0; i < list.Count; i++)
            {
                var path = Fault.Invariant($"spec.names.{field}[{i}]");
                if (list[i]?.GetValueKind() is null or JsonValueKind.String)
                {
                    Label(path, list[i]?.GetValue<string>(), required: true, errors);
                }
                else
                {
                    errors.Add(Fault.Invalid(path, list[i], "must be a string"));
                }
            }
        }
    }

    private static void Label(string path, string? value, bool required, List<FieldError> errors)
    {
        if (string.IsNullOrEmpty(value))
        {
            if (required)
            {
                errors.Add(Fault.Required(path));
            }
        }
        else if (value.Length > 63 || !DnsLabel().IsMatch(value.ToLowerInvariant()))
        {
            errors.Add(Fault.Invalid(
                path,
                JsonValue.Create(value),
                "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')"));
        }
    }

    private static void Versions(JsonObject spec, List<FieldError> errors)
    {
        var versions = (spec.Array("versions") ?? []).OfType<JsonObject>().ToList();
        var storage = versions.Count(v => Flag(v, "storage"));
        if (versions.Count == 0 || storage != 1)
        {
            // Shown as Go prints its own type, in the order of its fields.
            var shown = KubernetesJson.ToText(new JsonArray([.. versions.Select(Internal)]));
            errors.Add(new FieldError("FieldValueInvalid", "spec.versions", $"Invalid value: {shown}: must have exactly one version marked as storage version"));
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < versions.Count; i++)
        {
            var path = Fault.Invariant($"spec.versions[{i}]");
            Label($"{path}.name", versions[i].String("name"), required: true, errors);
            if (!seen.Add(versions[i].String("name") ?? ""))
            {
                errors.Add(Fault.Invalid($"{path}.name", versions[i]["name"], "must be unique"));
            }

            if (versions[i].Object("schema").Object("openAPIV3Schema") is not { } schema)
            {
                errors.Add(Fault.Required($"{path}.schema.openAPIV3Schema", "schemas are required"));
                continue;
            }

            // The server reports the schema of a single version as that of the whole CRD.
            var schemaPath = versions.Count == 1 ? "spec.validation.openAPIV3Schema" : $"{path}.schema.openAPIV3Schema";
            StructuralRules.Validate(schema, schemaPath, errors);
        }

        if (storage == 0)
        {
            errors.Add(Fault.Invalid("status.storedVersions", null, "must have at least one stored version"));
        }
    }

    /// <summary>A version as Go prints its internal type.</summary>
    private static JsonObject Internal(JsonObject version) => new()
    {
        ["Name"] = version.String("name") ?? "",
        ["Served"] = Flag(version, "served"),
        ["Storage"] = Flag(version, "storage"),
        ["Deprecated"] = Flag(version, "deprecated"),
        ["DeprecationWarning"] = version["deprecationWarning"]?.DeepClone(),
        ["Schema"] = null,
        ["Subresources"] = null,
        ["AdditionalPrinterColumns"] = null,
        ["SelectableFields"] = null,
    };

    private static bool Flag(JsonObject o, string name) => o[name] is JsonValue value && value.TryGetValue(out bool flag) && flag;

    private static bool IsProtected(string group) =>
        group is "k8s.io" or "kubernetes.io" || group.EndsWith(".k8s.io", StringComparison.Ordinal) || group.EndsWith(".kubernetes.io", StringComparison.Ordinal);

    [GeneratedRegex("^[a-z]([-a-z0-9]*[a-z0-9])?\\z")]
    private static partial Regex DnsLabel();
}

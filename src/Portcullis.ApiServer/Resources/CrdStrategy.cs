using System.Text.Json.Nodes;
using Portcullis.Objects.Json;
using Portcullis.Schemas.Crds;
using Portcullis.Schemas.Structural;

namespace Portcullis.ApiServer.Resources;

/// <summary>Defaults and rules of CustomResourceDefinitions (apiextensions' defaulting, strategy and validation).</summary>
internal static class CrdStrategy
{
    private const string ApprovalAnnotation = "api-approved.kubernetes.io";

    private static readonly string[] FixedMembers = ["group", "scope"];
    private static readonly string[] FixedNames = ["plural", "kind"];

    public static void Default(JsonObject crd)
    {
        if (crd.Object("spec").Object("names") is not { } names || names.String("kind") is not { Length: > 0 } kind)
        {
            return;
        }

        if (string.IsNullOrEmpty(names.String("singular")))
        {
            names["singular"] = kind.ToLowerInvariant();
        }

        if (string.IsNullOrEmpty(names.String("listKind")))
        {
            names["listKind"] = kind + "List";
        }
    }

    public static void PrepareForCreate(JsonObject crd)
    {
        var stored = StorageVersions(crd).ToList();
        crd["status"] = new JsonObject
        {
            ["conditions"] = null,
            ["acceptedNames"] = new JsonObject { ["plural"] = "", ["kind"] = "" },
            ["storedVersions"] = stored.Count == 0 ? null : new JsonArray(stored.Select(v => (JsonNode?)v).ToArray()),
        };
    }

    /// <summary>A new storage version joins the stored ones at once, since objects may be written in it.</summary>
    public static void PrepareForUpdate(JsonObject crd, JsonObject old)
    {
        _ = old;
        if (crd["status"] is not JsonObject status || status["storedVersions"] is not JsonArray stored)
        {
            return;
        }

        foreach (var version in StorageVersions(crd).Where(v => !stored.Any(s => s?.ToString() == v)))
        {
            stored.Add((JsonNode)version);
        }
    }

    /// <summary>Types inside the schema, which the CRD's own schema leaves open.</summary>
    /// <exception cref="DecodeException">A JSONSchemaProps member has the wrong type.</exception>
    public static void CheckTypes(JsonObject crd)
    {
        foreach (var version in (crd.Object("spec").Array("versions") ?? []).OfType<JsonObject>())
        {
            CheckTypes(version.Object("schema")?["openAPIV3Schema"], "spec.versions.schema.openAPIV3Schema");
        }
    }

    public static IEnumerable<FieldError> Validate(JsonObject crd, JsonObject? old)
    {
        var spec = crd.Object("spec") ?? [];
        var errors = CrdValidation.Validate(crd).Where(e => old is null || !e.Path.Contains(ApprovalAnnotation, StringComparison.Ordinal));
        foreach (var error in errors.Concat(Immutable(spec, old)))
        {
            yield return error;
        }

        if (spec.Object("conversion").String("strategy") is { } strategy && strategy != "None")
        {
            yield return new FieldError(
                "FieldValueNotSupported",
                "spec.conversion.strategy",
                $"Unsupported value: \"{strategy}\": supported values: \"None\" (this server has no conversion webhooks)");
        }
    }

    public static IEnumerable<string> StorageVersions(JsonObject crd) => (crd.Object("spec").Array("versions") ?? [])
        .OfType<JsonObject>()
        .Where(v => IsTrue(v, "storage"))
        .Select(v => v.String("name") ?? "");

    private static IEnumerable<FieldError> Immutable(JsonObject spec, JsonObject? old)
    {
        if (old?.Object("spec") is not { } before)
        {
            yield break;
        }

        foreach (var member in FixedMembers.Where(m => spec.String(m) != before.String(m)))
        {
            yield return new FieldError("FieldValueInvalid", $"spec.{member}", $"Invalid value: \"{spec.String(member)}\": field is immutable");
        }

        foreach (var member in FixedNames.Where(m => spec.Object("names").String(m) != before.Object("names").String(m)))
        {
            yield return new FieldError(
                "FieldValueInvalid", $"spec.names.{member}", $"Invalid value: \"{spec.Object("names").String(member)}\": field is immutable");
        }
    }

    private static bool IsTrue(JsonObject value, string name) => value[name] is JsonValue flag && flag.TryGetValue(out bool on) && on;

    private static void CheckTypes(JsonNode? schema, string path)
    {
        if (schema is not JsonObject o)
        {
            return;
        }

        foreach (var name in new[] { "type", "format", "description", "pattern", "$ref", "title" })
        {
            if (o[name] is { } value && !(value is JsonValue text && text.TryGetValue(out string? _)))
            {
                var kind = value is JsonArray ? "array" : value is JsonObject ? "object" : value.ToJsonString() is "true" or "false" ? "bool" : "number";
                throw new DecodeException($"json: cannot unmarshal {kind} into Go struct field JSONSchemaProps.{path}.{name} of type string");
            }
        }

        foreach (var (_, property) in o.Object("properties") ?? [])
        {
            CheckTypes(property, $"{path}.properties");
        }

        CheckTypes(o["items"], $"{path}.items");
        CheckTypes(o["additionalProperties"], $"{path}.additionalProperties");
    }
}

using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Portcullis.Objects.Json;
using Portcullis.Schemas.Structural;
using Portcullis.Schemas.Validation;

namespace Portcullis.ApiServer.Kinds;

/// <summary>Turns an established CustomResourceDefinition into the kinds it defines, one a served version.</summary>
internal static class CustomKinds
{
    public static readonly StructuralSchema MetadataSchema = BuiltInSchemas.Text["ObjectMeta"];

    public static ImmutableArray<ServedKind> From(JsonObject crd)
    {
        var spec = crd.Object("spec");
        if (spec is null || !IsEstablished(crd))
        {
            return [];
        }

        var versions = (spec.Array("versions") ?? []).OfType<JsonObject>().ToList();
        var storage = versions.Find(v => IsTrue(v, "storage"))?.String("name") ?? "v1";
        return [.. versions.Where(v => IsTrue(v, "served")).Select(v => Build(spec, v, storage)).OfType<ServedKind>()];
    }

    public static bool IsEstablished(JsonObject crd) => (crd.Object("status").Array("conditions") ?? [])
        .Any(c => c.String("type") == "Established" && c.String("status") == "True");

    private static ServedKind? Build(JsonObject spec, JsonObject version, string storage)
    {
        var resource = Describe(spec, version.String("name") ?? "");
        var schema = StructuralSchema.Parse(version.Object("schema")?["openAPIV3Schema"]);
        var (compiled, _) = CompiledSchema.Compile(schema);
        if (compiled is null)
        {
            return null;
        }

        var scale = version.Object("subresources").Object("scale");
        return new ServedKind
        {
            Resource = resource,
            Storage = resource with { Version = storage },
            StorageVersion = storage,
            Schema = WithObjectFields(schema),
            Custom = compiled,
            HasGeneration = true,
            HasStatus = version.Object("subresources")?["status"] is JsonObject,
            Scale = scale is null
                ? null
                : new ScalePaths(scale.String("specReplicasPath") ?? "", scale.String("statusReplicasPath") ?? "", scale.String("labelSelectorPath")),
            Columns = version.Array("additionalPrinterColumns")?.OfType<JsonObject>().Select(Column).ToList(),
            SelectableFields = (version.Array("selectableFields") ?? []).Select(f => (f.String("jsonPath") ?? "").TrimStart('.')).ToList(),
            Deprecation = Deprecation(resource, version),
        };
    }

    private static ApiResource Describe(JsonObject spec, string version)
    {
        var names = spec.Object("names") ?? [];
        var kind = names.String("kind") ?? "";
        return new ApiResource(
            spec.String("group") ?? "", version, kind, names.String("plural") ?? "", spec.String("scope") == "Namespaced")
        {
            Singular = names.String("singular") ?? kind.ToLowerInvariant(),
            ShortNames = Strings(names, "shortNames"),
            Categories = Strings(names, "categories"),
        };
    }

    private static StructuralSchema WithObjectFields(StructuralSchema schema)
    {
        var properties = new Dictionary<string, StructuralSchema>(StringComparer.Ordinal)
        {
            ["apiVersion"] = KindFields.ApiVersion,
            ["kind"] = KindFields.Kind,
            ["metadata"] = MetadataSchema with { Description = KindFields.Metadata },
        };
        foreach (var (name, property) in schema.Properties)
        {
            properties.TryAdd(name, property);
        }

        return schema with { Properties = properties };
    }

    private static CustomColumn Column(JsonObject column) => new(
        column.String("name") ?? "",
        column.String("type") ?? "string",
        column.String("jsonPath") ?? "",
        column.String("format"),
        column.String("description"),
        column["priority"] is JsonValue priority && priority.TryGetValue(out int number) ? number : 0);

    private static string? Deprecation(ApiResource resource, JsonObject version) => !IsTrue(version, "deprecated")
        ? null
        : version.String("deprecationWarning") ?? $"{resource.ApiVersion} {resource.Kind} is deprecated";

    private static bool IsTrue(JsonObject value, string name) => value[name] is JsonValue flag && flag.TryGetValue(out bool on) && on;

    private static List<string> Strings(JsonObject value, string name) =>
        (value.Array(name) ?? []).OfType<JsonValue>().Select(v => v.ToString()).ToList();
}

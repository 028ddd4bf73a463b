using System.Text.Json.Nodes;
using Portcullis.Objects.Json;

namespace Portcullis.Schemas.Structural;

/// <summary>
/// A structural OpenAPI v3 schema (apiextensions/v1 JSONSchemaProps), parsed once and immutable: what validation, defaulting,
/// pruning, server-side apply and <c>kubectl explain</c> all walk. Built-in kinds are described by the same type.
/// </summary>
public sealed record StructuralSchema
{
    /// <summary>object, array, string, integer, number, boolean; null for int-or-string and preserve-unknown-fields nodes.</summary>
    public string? Type { get; init; }

    public string? Description { get; init; }

    public string? Format { get; init; }

    public bool Nullable { get; init; }

    public JsonNode? Default { get; init; }

    public IReadOnlyDictionary<string, StructuralSchema> Properties { get; init; } = new Dictionary<string, StructuralSchema>(StringComparer.Ordinal);

    public IReadOnlyList<string> Required { get; init; } = [];

    public StructuralSchema? AdditionalProperties { get; init; }

    public StructuralSchema? Items { get; init; }

    public IReadOnlyList<JsonNode?> Enum { get; init; } = [];

    public string? Pattern { get; init; }

    public long? MinLength { get; init; }

    public long? MaxLength { get; init; }

    public long? MinItems { get; init; }

    public long? MaxItems { get; init; }

    public long? MinProperties { get; init; }

    public long? MaxProperties { get; init; }

    public bool UniqueItems { get; init; }

    public double? Minimum { get; init; }

    public double? Maximum { get; init; }

    public bool ExclusiveMinimum { get; init; }

    public bool ExclusiveMaximum { get; init; }

    public double? MultipleOf { get; init; }

    /// <summary>Value validations only, as the structural rules demand.</summary>
    public IReadOnlyList<StructuralSchema> AllOf { get; init; } = [];

    public IReadOnlyList<StructuralSchema> AnyOf { get; init; } = [];

    public IReadOnlyList<StructuralSchema> OneOf { get; init; } = [];

    public StructuralSchema? Not { get; init; }

    /// <summary>atomic (the default), set or map.</summary>
    public string? ListType { get; init; }

    public IReadOnlyList<string> ListMapKeys { get; init; } = [];

    /// <summary>granular (the default) or atomic.</summary>
    public string? MapType { get; init; }

    public bool PreserveUnknownFields { get; init; }

    public bool EmbeddedResource { get; init; }

    public bool IntOrString { get; init; }

    /// <summary>The key by which a strategic merge patch merges this list (built-in kinds only).</summary>
    public string? PatchMergeKey { get; init; }

    /// <summary>merge, replace, retainKeys or a comma-separated pair (built-in kinds only).</summary>
    public string? PatchStrategy { get; init; }

    /// <summary>How a built-in kind treats this field's absence and zero value; custom resources keep what they were given.</summary>
    public FieldPresence Presence { get; init; }

    /// <summary>The name of a built-in type, as decoding errors and explain show it; null in custom resources.</summary>
    public string? TypeName { get; init; }

    public IReadOnlyList<ValidationRule> Rules { get; init; } = [];

    /// <summary>Reads JSONSchemaProps. What the structural rules forbid is checked by <c>CrdValidation</c>, not here.</summary>
    public static StructuralSchema Parse(JsonNode? node)
    {
        if (node is not JsonObject o)
        {
            return new StructuralSchema { PreserveUnknownFields = true };
        }

        return new StructuralSchema
        {
            Type = o.String("type"),
            Description = o.String("description"),
            Format = o.String("format"),
            Nullable = Flag(o, "nullable"),
            Default = o["default"]?.DeepClone(),
            Properties = (o.Object("properties") ?? []).ToDictionary(p => p.Key, p => Parse(p.Value), StringComparer.Ordinal),
            Required = Strings(o, "required"),
            AdditionalProperties = Additional(o["additionalProperties"]),
            Items = o["items"] is JsonObject items ? Parse(items) : null,
            Enum = o.Array("enum")?.Select(e => e?.DeepClone()).ToList() ?? [],
            Pattern = o.String("pattern"),
            MinLength = Long(o, "minLength"),
            MaxLength = Long(o, "maxLength"),
            MinItems = Long(o, "minItems"),
            MaxItems = Long(o, "maxItems"),
            MinProperties = Long(o, "minProperties"),
            MaxProperties = Long(o, "maxProperties"),
            UniqueItems = Flag(o, "uniqueItems"),
            Minimum = Number(o, "minimum"),
            Maximum = Number(o, "maximum"),
            ExclusiveMinimum = Flag(o, "exclusiveMinimum"),
            ExclusiveMaximum = Flag(o, "exclusiveMaximum"),
            MultipleOf = Number(o, "multipleOf"),
            AllOf = Schemas(o, "allOf"),
            AnyOf = Schemas(o, "anyOf"),
            OneOf = Schemas(o, "oneOf"),
            Not = o["not"] is JsonObject not ? Parse(not) : null,
            ListType = o.String("x-kubernetes-list-type"),
            ListMapKeys = Strings(o, "x-kubernetes-list-map-keys"),
            MapType = o.String("x-kubernetes-map-type"),
            PreserveUnknownFields = Flag(o, "x-kubernetes-preserve-unknown-fields"),
            EmbeddedResource = Flag(o, "x-kubernetes-embedded-resource"),
            IntOrString = Flag(o, "x-kubernetes-int-or-string"),
            PatchMergeKey = o.String("x-kubernetes-patch-merge-key"),
            PatchStrategy = o.String("x-kubernetes-patch-strategy"),
            Rules = (o.Array("x-kubernetes-validations") ?? []).OfType<JsonObject>().Select(ValidationRule.Parse).ToList(),
        };
    }

    /// <summary>True allows any members; false is the default and the same as no keyword.</summary>
    private static StructuralSchema? Additional(JsonNode? keyword) => keyword switch
    {
        JsonObject schema => Parse(schema),
        JsonValue value when value.TryGetValue(out bool allowed) && allowed => new StructuralSchema { PreserveUnknownFields = true },
        _ => null,
    };

    private static bool Flag(JsonObject o, string name) => o[name] is JsonValue value && value.TryGetValue(out bool flag) && flag;

    private static long? Long(JsonObject o, string name) => Number(o, name) is { } number ? (long)number : null;

    private static double? Number(JsonObject o, string name) =>
        o[name] is JsonValue value && double.TryParse(
            value.ToJsonString(),
            System.Globalization.NumberStyles.Float,
            System.Globalization.CultureInfo.InvariantCulture,
            out var number)
            ? number
            : null;

    private static List<string> Strings(JsonObject o, string name) =>
        o.Array(name)?.OfType<JsonValue>().Where(v => v.TryGetValue(out string? _)).Select(v => v.GetValue<string>()).ToList() ?? [];

    private static List<StructuralSchema> Schemas(JsonObject o, string name) => o.Array(name)?.Select(Parse).ToList() ?? [];
}

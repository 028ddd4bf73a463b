using System.Collections.Frozen;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Portcullis.Objects.Cel;
using Portcullis.Objects.Patterns;

namespace Portcullis.Objects.Schemas;

/// <summary>One node of a schema with its pattern compiled and its kinds decided, so that validating a value looks nothing up twice.</summary>
internal sealed class SchemaNode
{
    private SchemaNode(StructuralSchema schema) => Schema = schema;

    public StructuralSchema Schema { get; }

    /// <summary>The types allowed; two for int-or-string, none when anything goes.</summary>
    public IReadOnlyList<string> Types { get; private init; } = [];

    public string TypeNames { get; private init; } = "";

    public Regex? Pattern { get; private init; }

    /// <summary>The format as far as the server enforces it for this type; else null.</summary>
    public string? Format { get; private init; }

    public FrozenDictionary<string, SchemaNode> Properties { get; private init; } = FrozenDictionary<string, SchemaNode>.Empty;

    public SchemaNode? AdditionalProperties { get; private init; }

    public SchemaNode? Items { get; private init; }

    public IReadOnlyList<SchemaNode> AllOf { get; private init; } = [];

    public IReadOnlyList<SchemaNode> AnyOf { get; private init; } = [];

    public IReadOnlyList<SchemaNode> OneOf { get; private init; } = [];

    public SchemaNode? Not { get; private init; }

    /// <summary>Whether this node or one below is a list of type set or map; lists elsewhere need no second walk.</summary>
    public bool HasKeyedLists { get; private init; }

    public bool HasEmbeddedResources { get; private init; }

    /// <summary>The CEL rules of this node.</summary>
    public IReadOnlyList<CompiledRule> Rules { get; private init; } = [];

    /// <summary>What <c>self</c> is in them; null where there are none.</summary>
    public CelType? SelfType { get; private init; }

    /// <summary>Whether this node or one below has rules.</summary>
    public bool HasRules { get; private init; }

    /// <summary>Compiles a whole resource's schema.</summary>
    public static SchemaNode BuildRoot(StructuralSchema schema, string path, List<FieldError> errors) => Build(schema, path, null, errors, isResource: true);

    private static SchemaNode Build(StructuralSchema schema, string path, string? uncorrelatable, List<FieldError> errors, bool isResource)
    {
        var types = schema.IntOrString ? ["integer", "string"] : schema.Type is { } type ? new[] { type } : [];
        var properties = schema.Properties.ToFrozenDictionary(
            p => p.Key, p => Build(p.Value, $"{path}.properties[{p.Key}]", uncorrelatable, errors, p.Value.EmbeddedResource), StringComparer.Ordinal);
        var additional = schema.AdditionalProperties is { } a ? Build(a, $"{path}.additionalProperties", uncorrelatable, errors, a.EmbeddedResource) : null;
        var items = schema.Items is { } i ? Build(i, $"{path}.items", schema.ListType == "map" ? uncorrelatable : path, errors, i.EmbeddedResource) : null;
        var self = schema.Rules.Count == 0 ? null : CelSchemaTypes.From(schema, isResource);
        var rules = CompileRules(schema, self, path, uncorrelatable, errors);
        return new SchemaNode(schema)
        {
            Rules = rules,
            SelfType = self,
            HasRules = rules.Count > 0 || Below(n => n.HasRules),
            Types = types,
            TypeNames = string.Join(',', types),
            Pattern = CompilePattern(schema.Pattern, path, errors),
            Format = Formats.Enforced(schema.Format, types),
            Properties = properties,
            AdditionalProperties = additional,
            Items = items,
            AllOf = BuildAll(schema.AllOf, $"{path}.allOf", errors),
            AnyOf = BuildAll(schema.AnyOf, $"{path}.anyOf", errors),
            OneOf = BuildAll(schema.OneOf, $"{path}.oneOf", errors),
            Not = schema.Not is { } not ? Build(not, $"{path}.not", uncorrelatable, errors, isResource: false) : null,
            HasKeyedLists = schema.ListType is "set" or "map" || Below(n => n.HasKeyedLists),
            HasEmbeddedResources = schema.EmbeddedResource || Below(n => n.HasEmbeddedResources),
        };

        bool Below(Func<SchemaNode, bool> test) =>
            properties.Values.Any(test) || (additional is not null && test(additional)) || (items is not null && test(items));
    }

    /// <summary>The node of a member, or null when the schema does not say.</summary>
    public SchemaNode? Member(string name) => Properties.TryGetValue(name, out var node) ? node : AdditionalProperties;

    private static List<SchemaNode> BuildAll(IReadOnlyList<StructuralSchema> schemas, string path, List<FieldError> errors) =>
        [.. schemas.Select((s, i) => Build(s, Fault.Invariant($"{path}[{i}]"), null, errors, isResource: false))];

    private static List<CompiledRule> CompileRules(StructuralSchema schema, CelType? self, string path, string? uncorrelatable, List<FieldError> errors)
    {
        var rules = new List<CompiledRule>();
        for (var i = 0; i < schema.Rules.Count; i++)
        {
            var at = Fault.Invariant($"{path}.x-kubernetes-validations[{i}]");
            if (self is null)
            {
                errors.Add(new FieldError("InternalError", at, "Internal error: failed to retrieve type information for x-kubernetes-validations"));
            }
            else if (CompiledRule.Compile(schema.Rules[i], schema, self, at, uncorrelatable, errors) is { } rule)
            {
                rules.Add(rule);
            }
        }

        return rules;
    }

    private static Regex? CompilePattern(string? pattern, string path, List<FieldError> errors)
    {
        if (string.IsNullOrEmpty(pattern))
        {
            return null;
        }

        if (Re2.TryCompile(pattern, out var regex, out var error))
        {
            return regex;
        }

        errors.Add(Fault.Invalid($"{path}.pattern", JsonValue.Create(pattern), $"must be a valid regular expression, but isn't: {error}"));
        return null;
    }
}

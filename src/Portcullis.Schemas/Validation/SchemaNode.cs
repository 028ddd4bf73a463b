using System.Collections.Frozen;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Portcullis.Schemas.Cel;
using Portcullis.Schemas.Patterns;
using Portcullis.Schemas.Structural;

namespace Portcullis.Schemas.Validation;

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

    /// <summary>The CEL rules of this node.</summary>
    public IReadOnlyList<CompiledRule> Rules { get; private init; } = [];

    /// <summary>What <c>self</c> is in them; null where there are none.</summary>
    public CelType? SelfType { get; private init; }

    /// <summary>Whether this node or one below has rules.</summary>
    public bool HasRules { get; private init; }

    /// <summary>Compiles a whole resource's schema.</summary>
    public static SchemaNode BuildRoot(StructuralSchema schema, string path, List<FieldError> errors)
    {
        var costs = new RuleCosts();
        var root = Build(schema, new SchemaBuild(path, errors, costs) { IsResource = true });
        costs.CheckTotal(path, errors);
        return root;
    }

    private static SchemaNode Build(StructuralSchema schema, SchemaBuild at)
    {
        var types = schema.IntOrString ? ["integer", "string"] : schema.Type is { } type ? new[] { type } : [];
        var self = schema.Rules.Count == 0 ? null : CelSchemaTypes.From(schema, at.IsResource);
        var rules = CompileRules(schema, self, at);
        var properties = schema.Properties.ToFrozenDictionary(p => p.Key, p => Build(p.Value, at.Property(p.Key, p.Value)), StringComparer.Ordinal);
        var additional = schema.AdditionalProperties is { } a ? Build(a, at.Values(schema)) : null;
        var items = schema.Items is { } i ? Build(i, at.Items(schema)) : null;
        return new SchemaNode(schema)
        {
            Rules = rules,
            SelfType = self,
            HasRules = rules.Count > 0 || Below(n => n.HasRules),
            Types = types,
            TypeNames = string.Join(',', types),
            Pattern = CompilePattern(schema.Pattern, at.Path, at.Errors),
            Format = Formats.Enforced(schema.Format, types),
            Properties = properties,
            AdditionalProperties = additional,
            Items = items,
            AllOf = BuildAll(schema.AllOf, "allOf", at),
            AnyOf = BuildAll(schema.AnyOf, "anyOf", at),
            OneOf = BuildAll(schema.OneOf, "oneOf", at),
            Not = schema.Not is { } not ? Build(not, at.Junctor("not")) : null,
            HasKeyedLists = schema.ListType is "set" or "map" || Below(n => n.HasKeyedLists),
        };

        bool Below(Func<SchemaNode, bool> test) =>
            properties.Values.Any(test) || (additional is not null && test(additional)) || (items is not null && test(items));
    }

    /// <summary>The node of a member, or null when the schema does not define it.</summary>
    public SchemaNode? Member(string name) => Properties.TryGetValue(name, out var node) ? node : AdditionalProperties;

    private static List<SchemaNode> BuildAll(IReadOnlyList<StructuralSchema> schemas, string junctor, SchemaBuild at) =>
        [.. schemas.Select((s, i) => Build(s, at.Junctor(Fault.Invariant($"{junctor}[{i}]"))))];

    private static List<CompiledRule> CompileRules(StructuralSchema schema, CelType? self, SchemaBuild at)
    {
        var rules = new List<CompiledRule>();
        for (var i = 0; i < schema.Rules.Count; i++)
        {
            var path = Fault.Invariant($"{at.Path}.x-kubernetes-validations[{i}]");
            if (self is null)
            {
                at.Errors.Add(new FieldError("InternalError", path, "Internal error: failed to retrieve type information for x-kubernetes-validations"));
            }
            else if (CompiledRule.Compile(schema.Rules[i], schema, self, path, at.Uncorrelatable, at.Errors) is { } rule)
            {
                rules.Add(rule);
                at.Costs.Add(rule.Program, self, at.Times, $"{path}.rule", "estimated rule cost", at.Errors);
                if (rule.Message is { } message)
                {
                    at.Costs.Add(message, self, 1, $"{path}.messageExpression", "estimated messageExpression cost", at.Errors);
                }
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

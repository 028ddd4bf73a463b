using System.Text.Json.Nodes;
using Portcullis.Objects.Json;
using Portcullis.Schemas.Structural;
using Portcullis.Schemas.Validation;

namespace Portcullis.Schemas.Crds;

/// <summary>
/// What makes a schema structural, and which keywords CRDs may use (apiextensions schema/validation.go, ValidateCustomResourceDefinitionOpenAPISchema).
/// Works on the schema as written, since most of what it looks for is what the parsed schema has no place for.
/// </summary>
internal sealed class StructuralRules(List<FieldError> errors)
{
    private const string Preserve = "x-kubernetes-preserve-unknown-fields";
    private const string Embedded = "x-kubernetes-embedded-resource";
    private const string IntOrString = "x-kubernetes-int-or-string";
    private static readonly string[] Types = ["array", "boolean", "integer", "number", "object", "string"];
    private static readonly string[] NotSupported = ["additionalItems", "patternProperties", "definitions", "dependencies", "$ref", "id"];
    private static readonly string[] EmptyInside = ["type", "title", "description"];
    private static readonly string[] FalseInside = ["nullable", Preserve, Embedded, IntOrString];
    private static readonly string[] UndefinedInside = ["additionalProperties", "default", "x-kubernetes-list-type", "x-kubernetes-map-type"];
    private static readonly string[] ListInside = ["x-kubernetes-list-map-keys", "x-kubernetes-validations"];

    private static readonly string[] JunctorSteps = [".allOf[", ".anyOf[", ".oneOf[", ".not"];

    private enum Level
    {
        Root,
        Item,
        Field,
    }

    /// <summary>Adds what is wrong with the schema at <paramref name="path"/>; patterns and CEL rules are checked only when nothing else is wrong.</summary>
    public static void Validate(JsonObject schema, string path, List<FieldError> errors)
    {
        var found = new List<FieldError>();
        new StructuralRules(found).Node(schema, Level.Root, path, insideMeta: false);
        found.Sort((a, b) => string.CompareOrdinal(a.ToString(), b.ToString()));
        if (found.Count == 0)
        {
            var node = SchemaNode.BuildRoot(StructuralSchema.Parse(schema), path, found);
            Defaults(node, path, found);
        }

        errors.AddRange(found);
    }

    private static bool Flag(JsonObject o, string name) => o[name] is JsonValue value && value.TryGetValue(out bool flag) && flag;

    private void Node(JsonObject schema, Level level, string path, bool insideMeta)
    {
        Keywords(schema, level, path, insideMeta);
        TypeRules(schema, level, path);
        new ListRules(errors).Check(schema, path);
        RuleTexts.Check(schema, path, errors);
        Junctors(schema, path);
        var isResource = level == Level.Root || Flag(schema, Embedded);
        foreach (var (name, member) in schema.Object("properties") ?? [])
        {
            if (member is not JsonObject property)
            {
                continue;
            }

            var at = $"{path}.properties[{name}]";
            var isMeta = isResource && name is ("metadata" or "apiVersion" or "kind");
            if (isMeta && level == Level.Root && property.ContainsKey("default"))
            {
                errors.Add(Fault.Forbidden($"{at}.default", $"must not be set in top-level {name}"));
            }

            Meta(property, name, level, isResource, at);
            Node(property, Level.Field, at, insideMeta || isMeta);
        }

        if (schema.Object("items") is { } items)
        {
            Node(items, Level.Item, $"{path}.items", insideMeta);
        }

        if (schema.Object("additionalProperties") is { } additional)
        {
            Node(additional, Level.Field, $"{path}.additionalProperties", insideMeta);
        }
    }

    private void Keywords(JsonObject schema, Level level, string path, bool insideMeta)
    {
        foreach (var keyword in NotSupported.Where(schema.ContainsKey))
        {
            errors.Add(Fault.Forbidden($"{path}.{keyword}", $"{keyword} is not supported"));
        }

        if (schema.String("type") is { } type && !Types.Contains(type))
        {
            errors.Add(Fault.NotSupported($"{path}.type", JsonValue.Create(type), Types));
        }

        if (Flag(schema, "uniqueItems"))
        {
            errors.Add(Fault.Forbidden($"{path}.uniqueItems", "uniqueItems cannot be set to true since the runtime complexity becomes quadratic"));
        }

        if (level == Level.Root && Flag(schema, "nullable"))
        {
            errors.Add(Fault.Forbidden($"{path}.nullable", "nullable cannot be true at the root"));
        }

        if (schema.ContainsKey("additionalProperties"))
        {
            if (level == Level.Root)
            {
                errors.Add(Fault.Forbidden($"{path}.additionalProperties", "must not be used at the root"));
            }

            if (schema.Object("properties") is { Count: > 0 } && !Flag(schema, "additionalProperties"))
            {
                errors.Add(Fault.Forbidden($"{path}.additionalProperties", "additionalProperties and properties are mutual exclusive"));
            }

            if (Flag(schema, Embedded))
            {
                errors.Add(Fault.Forbidden($"{path}.additionalProperties", $"must not be used if {Embedded} is set"));
            }
        }

        if (insideMeta && Flag(schema, Embedded))
        {
            errors.Add(Fault.Forbidden($"{path}.{Embedded}", "must not be used inside of resource meta"));
        }

        if (schema[Preserve] is JsonValue preserve && !Flag(schema, Preserve))
        {
            errors.Add(Fault.Invalid($"{path}.{Preserve}", preserve, "must be true or undefined"));
        }
    }

    private void TypeRules(JsonObject schema, Level level, string path)
    {
        var type = schema.String("type") ?? "";
        if (type == "array" && schema.Object("items") is null)
        {
            errors.Add(Fault.Required($"{path}.items", "must be specified"));
        }

        if (Flag(schema, Embedded) && type != "object")
        {
            const string Detail = $"must be object if {Embedded} is true";
            errors.Add(type.Length == 0 ? Fault.Required($"{path}.type", Detail) : Fault.Invalid($"{path}.type", JsonValue.Create(type), Detail));
        }
        else if (type.Length == 0 && !Flag(schema, IntOrString) && !Flag(schema, Preserve))
        {
            errors.Add(Fault.Required($"{path}.type", level switch
            {
                Level.Root => "must not be empty at the root",
                Level.Item => "must not be empty for specified array items",
                _ => "must not be empty for specified object fields",
            }));
        }

        if (level == Level.Root && type.Length > 0 && type != "object")
        {
            errors.Add(Fault.Invalid($"{path}.type", JsonValue.Create(type), "must be object at the root"));
        }

        if (Flag(schema, Embedded) && !Flag(schema, Preserve) && (schema.Object("properties")?.Count ?? 0) == 0)
        {
            errors.Add(Fault.Required($"{path}.properties", $"must not be empty if {Embedded} is true without {Preserve}"));
        }

        foreach (var other in new[] { Preserve, Embedded })
        {
            if (Flag(schema, IntOrString) && Flag(schema, other))
            {
                errors.Add(Fault.Invalid($"{path}.{other}", JsonValue.Create(true), $"must be false if {IntOrString} is true"));
            }
        }
    }

    private void Meta(JsonObject property, string name, Level level, bool isResource, string path)
    {
        if (!isResource)
        {
            return;
        }

        if (name is "kind" or "apiVersion" && property.String("type") != "string")
        {
            errors.Add(Fault.Invalid($"{path}.type", JsonValue.Create(property.String("type") ?? ""), "must be string"));
        }

        if (name == "metadata")
        {
            if (property.String("type") != "object")
            {
                errors.Add(Fault.Invalid($"{path}.type", JsonValue.Create(property.String("type") ?? ""), "must be object"));
            }

            var onlyNames = property.All(m => m.Key is "type" or "properties" or "default")
                && (property.Object("properties") ?? []).All(p => p.Key is "name" or "generateName");
            if (level == Level.Root && !onlyNames)
            {
                errors.Add(Fault.Forbidden(path, "must not specify anything other than name and generateName, but metadata is implicitly specified"));
            }
        }
    }

    private void Junctors(JsonObject schema, string path)
    {
        foreach (var junctor in new[] { "allOf", "anyOf", "oneOf" })
        {
            var list = schema.Array(junctor) ?? [];
            if (junctor == "anyOf" && Flag(schema, IntOrString) && IsIntOrStringPattern(list))
            {
                continue;
            }

            for (var i = 0; i < list.Count; i++)
            {
                if (list[i] is JsonObject inside && !(junctor == "allOf" && i == 0 && Flag(schema, IntOrString) && IsIntOrStringPattern(inside.Array("anyOf") ?? [])))
                {
                    Inside(inside, schema, Fault.Invariant($"{path}.{junctor}[{i}]"));
                }
            }
        }

        if (schema.Object("not") is { } not)
        {
            Inside(not, schema, $"{path}.not");
        }
    }

    private static bool IsIntOrStringPattern(JsonArray anyOf) =>
        anyOf.Count == 2 && anyOf[0] is JsonObject { Count: 1 } first && first.String("type") == "integer"
        && anyOf[1] is JsonObject { Count: 1 } second && second.String("type") == "string";

    /// <summary>A schema below a junctor may only validate, and only what the structure outside declares.</summary>
    private void Inside(JsonObject schema, JsonObject outside, string path)
    {
        Check(EmptyInside, "must be empty to be structural");
        Check(FalseInside, "must be false to be structural");
        Check(UndefinedInside, "must be undefined to be structural");
        Check(ListInside, "must be empty to be structural");
        foreach (var (name, member) in schema.Object("properties") ?? [])
        {
            var at = $"{path}.properties[{name}]";
            if (name == "metadata")
            {
                errors.Add(Fault.Forbidden(at, "must not be specified in a nested context"));
            }

            var declared = outside.Object("properties").Object(name);
            if (declared is null)
            {
                errors.Add(Fault.Required($"{PathBeforeJunctor(path)}.properties[{name}]", $"because it is defined in {at}"));
            }

            if (member is JsonObject property)
            {
                Inside(property, declared ?? [], at);
            }
        }

        if (schema.Object("items") is { } items)
        {
            if (outside.Object("items") is null)
            {
                errors.Add(Fault.Required($"{PathBeforeJunctor(path)}.items", $"because it is defined in {path}.items"));
            }

            Inside(items, outside.Object("items") ?? [], $"{path}.items");
        }

        Junctors(schema, path);

        void Check(string[] keywords, string detail)
        {
            foreach (var keyword in keywords.Where(k => schema[k] is { } value && !(value is JsonValue flag && flag.TryGetValue(out bool set) && !set)))
            {
                errors.Add(Fault.Forbidden($"{path}.{keyword}", detail));
            }
        }
    }

    private static string PathBeforeJunctor(string path)
    {
        var cut = JunctorSteps.Select(j => path.IndexOf(j, StringComparison.Ordinal)).Where(i => i >= 0).DefaultIfEmpty(path.Length).Min();
        return path[..cut];
    }

    private static void Defaults(SchemaNode node, string path, List<FieldError> errors)
    {
        if (node.Schema.Default is { } value)
        {
            if (Pruning.RunInside(value, node).Count > 0)
            {
                errors.Add(Fault.Invalid($"{path}.default", value, "must not have unknown fields"));
            }

            errors.AddRange(new SchemaValidator($"{path}.default").Validate(node, value, null, false, "").Errors);
        }

        foreach (var (name, member) in node.Properties)
        {
            Defaults(member, $"{path}.properties[{name}]", errors);
        }

        if (node.Items is { } items)
        {
            Defaults(items, $"{path}.items", errors);
        }
    }
}

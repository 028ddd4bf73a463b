using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization.Metadata;
using Portcullis.Objects.Json;

namespace Portcullis.Schemas.Crds;

/// <summary>
/// The structural schema of a type: .NET's own schema exporter, then the changes that Kubernetes requires. Null unions become plain types, references
/// are inlined (a recursive type is refused), and the attributes of properties and types become limits, rules and texts.
/// </summary>
public static class CrdSchema
{
    /// <summary>Holds a property's own attributes apart from its type's schema while that may still be referred to from elsewhere.</summary>
    private const string OwnMembers = "x-own";

    private static readonly JsonSchemaExporterOptions Exporter = new() { TreatNullObliviousAsNonNullable = true, TransformSchemaNode = Transform };

    /// <summary>The openAPIV3Schema of a resource type, keywords in ordinal order.</summary>
    /// <exception cref="InvalidOperationException">The type is recursive or holds something that JSON schema cannot express.</exception>
    public static JsonObject FromType(JsonTypeInfo type)
    {
        var exported = type.GetJsonSchemaAsNode(Exporter);
        var schema = (JsonObject)Inline(exported, exported, [], $"{type.Type.Name}")!;
        if (schema.Object("properties") is { } properties && properties.ContainsKey("metadata"))
        {
            // metadata's own schema is the server's; saying more than its type is forbidden.
            properties["metadata"] = new JsonObject { ["type"] = "object" };
            schema.Array("required")?.RemoveAll(r => r?.GetValue<string>() == "metadata");
        }

        return SchemaOrder.Sort(schema);
    }

    private static JsonObject Transform(JsonSchemaExporterContext context, JsonNode node)
    {
        var schema = node as JsonObject ?? [];
        SchemaAttributes.NormalizeType(schema, context.TypeInfo.Type);
        if (context.PropertyInfo is null || context.PropertyInfo.AttributeProvider is not { } provider)
        {
            SchemaAttributes.ApplyRules(schema, context.TypeInfo.Type.GetCustomAttributes<RuleAttribute>());
            return schema;
        }

        SchemaAttributes.ApplyRules(schema, context.TypeInfo.Type.GetCustomAttributes<RuleAttribute>());
        var own = new JsonObject();
        SchemaAttributes.Apply(own, schema, provider, context.TypeInfo.Type);
        if (own.Count > 0)
        {
            schema[OwnMembers] = own;
        }

        return schema;
    }

    private static JsonNode? Inline(JsonNode? node, JsonNode root, IReadOnlyList<string> open, string at)
    {
        switch (node)
        {
            case JsonObject schema:
                if (schema.String("$ref") is { } pointer)
                {
                    return Resolve(schema, pointer, root, open, at);
                }

                var inlined = new JsonObject();
                foreach (var (name, value) in schema)
                {
                    if (name != OwnMembers)
                    {
                        inlined[name] = Inline(value, root, open, $"{at}.{name}");
                    }
                }

                AddOwn(inlined, schema);
                return inlined;
            case JsonArray items:
                var copy = new JsonArray();
                foreach (var item in items)
                {
                    copy.Add(Inline(item, root, open, at));
                }

                return copy;
            default:
                return node?.DeepClone();
        }
    }

    private static JsonObject Resolve(JsonObject reference, string pointer, JsonNode root, IReadOnlyList<string> open, string at)
    {
        if (open.Contains(pointer))
        {
            throw new InvalidOperationException($"{at}: a recursive type has no structural schema");
        }

        var target = root;
        foreach (var step in pointer.TrimStart('#').Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            var name = step.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
            target = target is JsonArray list ? list[int.Parse(name, System.Globalization.CultureInfo.InvariantCulture)] : target?[name];
        }

        var plain = (JsonObject)(target ?? throw new InvalidOperationException($"{at}: nothing at {pointer}")).DeepClone();
        plain.Remove(OwnMembers);
        var inlined = (JsonObject)Inline(plain, root, [.. open, pointer], at)!;
        AddOwn(inlined, reference);
        return inlined;
    }

    private static void AddOwn(JsonObject schema, JsonObject source)
    {
        foreach (var (name, value) in source.Object(OwnMembers) ?? [])
        {
            if (name == SchemaAttributes.Rules && schema.Array(name) is { } rules && value is JsonArray more)
            {
                foreach (var rule in more)
                {
                    rules.Add(rule?.DeepClone());
                }
            }
            else
            {
                schema[name] = value?.DeepClone();
            }
        }
    }
}

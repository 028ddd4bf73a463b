using System.Text;
using Portcullis.Schemas.Structural;

namespace Portcullis.Schemas.Cel;

/// <summary>The type that a schema gives a value in rules (apiserver cel/common/schemas.go): what has no schema is not visible at all.</summary>
internal static class CelSchemaTypes
{
    private const long MaxRequest = 3 * 1024 * 1024;
    private static readonly HashSet<string> Reserved = new(StringComparer.Ordinal)
    {
        "true", "false", "null", "in", "as", "break", "const", "continue", "else", "for", "function", "if", "import", "let",
        "loop", "package", "namespace", "return", "var", "void", "while",
    };

    private static readonly StructuralSchema Text = new() { Type = "string" };

    /// <summary>The type, or null when the value cannot be seen by rules.</summary>
    public static CelType? From(StructuralSchema schema, bool isResource, string name = "object")
    {
        if (schema.IntOrString)
        {
            return CelType.Dyn.Sized(schema.MaxLength * 4 ?? MaxRequest - 2, 1);
        }

        return schema.Type switch
        {
            "array" => List(schema, name),
            "object" => isResource ? Object(WithMeta(schema), name) : schema.AdditionalProperties is { } values ? Map(schema, values, name) : Object(schema, name),
            "string" => Scalar(schema),
            "boolean" => CelType.Bool.Sized(0, 4),
            "number" => CelType.Double.Sized(0, 1),
            "integer" => CelType.Int.Sized(0, 1),
            _ => null,
        };
    }

    /// <summary>The name by which a rule selects a property; null when it cannot (apiserver cel/escaping.go).</summary>
    public static string? Escape(string name)
    {
        if (name.Length == 0 || char.IsAsciiDigit(name[0]))
        {
            return null;
        }

        if (Reserved.Contains(name))
        {
            return $"__{name}__";
        }

        var escaped = new StringBuilder();
        for (var i = 0; i < name.Length; i++)
        {
            var c = name[i];
            if (c == '_' && i + 1 < name.Length && name[i + 1] == '_')
            {
                escaped.Append("__underscores__");
                i++;
            }
            else if (c is '.' or '-' or '/')
            {
                escaped.Append(c switch { '.' => "__dot__", '-' => "__dash__", _ => "__slash__" });
            }
            else if (char.IsAsciiLetterOrDigit(c) || c == '_')
            {
                escaped.Append(c);
            }
            else
            {
                return null;
            }
        }

        return escaped.ToString();
    }

    private static CelType? List(StructuralSchema schema, string name)
    {
        if (schema.Items is not { } items || From(items, items.EmbeddedResource, name + ".@items") is not { } element)
        {
            return null;
        }

        var kind = schema.ListType switch { "set" => CelListKind.Set, "map" => CelListKind.Map, _ => CelListKind.Atomic };
        return CelType.ListOf(element, kind, [.. schema.ListMapKeys.Select(k => Escape(k) ?? k)], schema.MaxItems ?? ((MaxRequest - 2) / (element.MinJson + 1)));
    }

    /// <summary>The server reckons with keys that have no length at all (its StringType has no MaxElements); real CRDs rely on it, Gateway API's among them.</summary>
    private static CelType? Map(StructuralSchema schema, StructuralSchema values, string name) =>
        From(values, values.EmbeddedResource, name + ".@values") is { } value
            ? CelType.MapOf(CelType.String.Sized(0, 2), value, schema.MaxProperties ?? ((MaxRequest - 2) / (value.MinJson + 6)))
            : null;

    private static CelType Object(StructuralSchema schema, string name)
    {
        var fields = new List<KeyValuePair<string, CelField>>();
        var minJson = 2L;
        foreach (var (property, member) in schema.Properties)
        {
            if (From(member, member.EmbeddedResource, $"{name}.{property}") is not { } type)
            {
                continue;
            }

            if (Escape(property) is { } escaped)
            {
                fields.Add(KeyValuePair.Create(escaped, new CelField(property, type)));
            }

            minJson += member.Default is null && schema.Required.Contains(property) ? property.Length + type.MinJson + 4 : 0;
        }

        return CelType.ObjectOf(name, fields, minJson);
    }

    private static CelType Scalar(StructuralSchema schema) => schema.Format switch
    {
        "byte" => CelType.Bytes.Sized(schema.MaxLength ?? MaxRequest - 2, 2),
        "duration" => CelType.Duration.Sized(32, 4),
        "date" => CelType.Timestamp.Sized(10, 12),
        "date-time" => CelType.Timestamp.Sized(32, 21),
        _ => CelType.String.Sized(
            schema.MaxLength * 4 ?? (schema.Enum.Count > 0 ? schema.Enum.Max(e => e?.ToString().Length ?? 0) : MaxRequest - 2), 2),
    };

    /// <summary>Rules at the root of a resource always see its kind, its API version and its names.</summary>
    private static StructuralSchema WithMeta(StructuralSchema schema) => schema with
    {
        Properties = new Dictionary<string, StructuralSchema>(schema.Properties, StringComparer.Ordinal)
        {
            ["kind"] = Text,
            ["apiVersion"] = Text,
            ["metadata"] = new() { Type = "object", Properties = new Dictionary<string, StructuralSchema> { ["name"] = Text, ["generateName"] = Text } },
        },
    };
}

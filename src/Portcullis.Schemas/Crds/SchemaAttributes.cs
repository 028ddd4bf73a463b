using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using Portcullis.Objects.Json;

namespace Portcullis.Schemas.Crds;

/// <summary>Turns .NET types and attributes into keywords of a structural schema.</summary>
internal static class SchemaAttributes
{
    public const string Rules = "x-kubernetes-validations";
    private const string Preserve = "x-kubernetes-preserve-unknown-fields";

    /// <summary>Makes what the exporter wrote for a type structural.</summary>
    public static void NormalizeType(JsonObject schema, Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (schema["type"] is JsonArray types)
        {
            schema["type"] = types.Select(t => t!.GetValue<string>()).First(t => t != "null");
        }

        // Defaults of constructor parameters are the reader's business; the server fills in only the values of [DefaultValue].
        schema.Remove("default");
        if (schema.Array("enum") is { } values)
        {
            values.RemoveAll(v => v is null);
            schema["type"] = "string";
        }

        if (typeof(JsonNode).IsAssignableFrom(type) || type == typeof(JsonElement))
        {
            Untyped(schema, type);
        }
        else if (OfConverter(type) is { } written)
        {
            schema.Clear();
            foreach (var (keyword, value) in written)
            {
                schema[keyword] = value;
            }
        }
        else if (typeof(IEnumerable<KeyValuePair<string, IntOrString>>).IsAssignableFrom(type))
        {
            // The exporter leaves the values' schema out when a converter of one's own hides it.
            schema["additionalProperties"] = new JsonObject { ["x-kubernetes-int-or-string"] = true };
        }
        else if (schema.String("type") == "integer")
        {
            schema["format"] = type == typeof(long) || type == typeof(ulong) || type == typeof(uint) ? "int64" : "int32";
        }
    }

    public static void ApplyRules(JsonObject schema, IEnumerable<RuleAttribute> rules)
    {
        if (schema.ContainsKey("$ref"))
        {
            // The type's rules come with the schema referred to.
            return;
        }

        var list = new JsonArray();
        foreach (var rule in rules)
        {
            list.Add((JsonNode)new JsonObject { ["message"] = rule.Message, ["rule"] = rule.Expression });
        }

        if (list.Count > 0)
        {
            schema[Rules] = list;
        }
    }

    /// <summary>Writes a property's attributes into <paramref name="own"/>.</summary>
    public static void Apply(JsonObject own, JsonObject schema, ICustomAttributeProvider provider, Type type)
    {
        var kind = schema.String("type") ?? (typeof(string) == type ? "string" : "object");
        ApplyRules(own, Of<RuleAttribute>(provider));
        foreach (var attribute in provider.GetCustomAttributes(inherit: true))
        {
            switch (attribute)
            {
                case DescriptionAttribute description:
                    own["description"] = description.Description;
                    break;
                case RegularExpressionAttribute pattern:
                    own["pattern"] = pattern.Pattern;
                    break;
                case RangeAttribute range:
                    own["minimum"] = Bound(range.Minimum);
                    own["maximum"] = Bound(range.Maximum);
                    break;
                case DefaultValueAttribute @default:
                    own["default"] = Value(@default.Value);
                    break;
                case PreserveUnknownFieldsAttribute:
                    own[Preserve] = true;
                    break;
                case ListMapAttribute { Keys.Count: 0 }:
                    own["x-kubernetes-list-type"] = "set";
                    break;
                case ListMapAttribute map:
                    Map(own, map.Keys);
                    break;
                default:
                    if (LengthOf(attribute) is (var min, var max))
                    {
                        Limits(own, kind, min, max);
                    }

                    break;
            }
        }

        if (typeof(IEnumerable<Condition>).IsAssignableFrom(type))
        {
            Map(own, ["type"]);
        }
    }

    /// <summary>The schema of a type that is written by a JSON converter, whose output the exporter does not know; null for any other type.</summary>
    private static (string Keyword, JsonNode Value)[]? OfConverter(Type type) =>
        type == typeof(IntOrString) ? [("x-kubernetes-int-or-string", true)]
        : type == typeof(TimeSpan) ? [("type", "string"), ("pattern", KubernetesDuration.Pattern)]
        : type == typeof(DateTimeOffset) || type == typeof(DateTime) ? [("type", "string"), ("format", "date-time")]
        : null;

    private static (int Min, int? Max)? LengthOf(object attribute) => attribute switch
    {
        StringLengthAttribute length => (length.MinimumLength, length.MaximumLength),
        ItemsAttribute items => (items.Minimum, items.Maximum),
        LengthAttribute length => (length.MinimumLength, length.MaximumLength),
        MinLengthAttribute length => (length.Length, null),
        MaxLengthAttribute length => (0, length.Length),
        _ => null,
    };

    private static IEnumerable<T> Of<T>(ICustomAttributeProvider provider) => provider.GetCustomAttributes(inherit: true).OfType<T>();

    private static void Map(JsonObject own, IEnumerable<string> keys)
    {
        own["x-kubernetes-list-type"] = "map";
        own["x-kubernetes-list-map-keys"] = new JsonArray([.. keys.Select(k => (JsonNode)JsonValue.Create(k))]);
    }

    private static void Untyped(JsonObject schema, Type type)
    {
        schema.Clear();
        if (type == typeof(JsonArray))
        {
            schema["type"] = "array";
            schema["items"] = new JsonObject { [Preserve] = true };
            return;
        }

        schema[Preserve] = true;
        if (type == typeof(JsonObject))
        {
            schema["type"] = "object";
        }
    }

    private static void Limits(JsonObject own, string kind, int min, int? max)
    {
        var unit = kind switch { "array" => "Items", "object" => "Properties", _ => "Length" };
        if (min > 0)
        {
            own["min" + unit] = JsonNumber.Create(min);
        }

        if (max is { } most)
        {
            own["max" + unit] = JsonNumber.Create(most);
        }
    }

    private static JsonValue Bound(object bound) => JsonNumber.Create(Convert.ToDouble(bound, CultureInfo.InvariantCulture))!;

    private static JsonValue? Value(object? value) => value switch
    {
        null => null,
        bool flag => JsonValue.Create(flag),
        string text => JsonValue.Create(text),
        Enum member => JsonValue.Create(member.ToString()),
        int or long or short or byte => JsonNumber.Create(Convert.ToInt64(value, CultureInfo.InvariantCulture)),
        double or float => JsonNumber.Create(Convert.ToDouble(value, CultureInfo.InvariantCulture)),
        _ => throw new InvalidOperationException($"[DefaultValue] of type {value.GetType()} is not supported"),
    };
}

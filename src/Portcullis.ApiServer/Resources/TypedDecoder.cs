using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Portcullis.Schemas.Structural;

namespace Portcullis.ApiServer.Resources;

/// <summary>A value that a built-in kind's type cannot hold, in the words of the real decoder.</summary>
internal sealed class DecodeException(string message) : Exception(message)
{
    /// <summary>The value decodes, but strict field validation refuses it.</summary>
    public bool IsStrict { get; init; }
}

/// <summary>
/// Does to a built-in kind what decoding into Kubernetes' own types and encoding again does: unknown fields go, null and zero values
/// go where they mean absent, always-written fields appear, and a wrong type is an error.
/// </summary>
internal static class TypedDecoder
{
    private const int MostReported = 100;

    /// <summary>Changes the value in place and adds the paths of unknown fields to <paramref name="unknown"/>.</summary>
    /// <exception cref="DecodeException">A value has the wrong type.</exception>
    public static void Normalize(JsonObject value, StructuralSchema schema, List<string> unknown) =>
        new Walk(schema.TypeName ?? "", unknown).Struct(value, schema, "");

    /// <summary>An object of the kind with nothing set: what is there before anything is written.</summary>
    public static JsonObject Empty(StructuralSchema schema)
    {
        var empty = new JsonObject();
        Normalize(empty, schema, []);
        return empty;
    }

    /// <summary>An always-written list without items comes back from storage as null.</summary>
    public static void EmptyListsToNull(JsonObject value, StructuralSchema schema)
    {
        foreach (var (name, property) in schema.Properties)
        {
            switch (value[name])
            {
                case JsonArray { Count: 0 } when property.Presence == FieldPresence.Always:
                    value[name] = null;
                    break;
                case JsonObject inner when property.Properties.Count > 0:
                    EmptyListsToNull(inner, property);
                    break;
                default:
                    break;
            }
        }
    }

    private sealed class Walk(string root, List<string> unknown)
    {
        public void Struct(JsonObject value, StructuralSchema schema, string path)
        {
            List<string> dropped = [];
            foreach (var (name, member) in value.ToList())
            {
                var memberPath = FieldPath.Member(path, name);
                if (!schema.Properties.TryGetValue(name, out var property))
                {
                    Unknown(memberPath);
                    dropped.Add(name);
                }
                else if (Value(member, property, memberPath, schema.TypeName ?? root) || property.Presence == FieldPresence.Always)
                {
                    // kept; an always-written null becomes its zero below
                }
                else
                {
                    dropped.Add(name);
                }
            }

            JsonMembers.RemoveAll(value, dropped);
            foreach (var (name, property) in schema.Properties)
            {
                if (property.Presence == FieldPresence.Always && value[name] is null)
                {
                    value[name] = Zero(property);
                }
            }
        }

        /// <summary>As many as the real decoder reports.</summary>
        private void Unknown(string path)
        {
            if (unknown.Count < MostReported)
            {
                unknown.Add(path);
            }
        }

        /// <summary>False when the value means absent.</summary>
        private bool Value(JsonNode? value, StructuralSchema schema, string path, string owner)
        {
            if (value is null)
            {
                return false;
            }

            if (schema.PreserveUnknownFields || schema is { Type: null, IntOrString: false })
            {
                return true;
            }

            var keepsZero = schema.Presence != FieldPresence.OmitZero;
            switch (value)
            {
                case JsonObject o when schema.Type == "object":
                    return Object(o, schema, path, owner) || keepsZero;
                case JsonArray list when schema.Type == "array":
                    Items(list, schema, path, owner);
                    return list.Count > 0 || keepsZero;
                case JsonValue scalar when schema.Type is not ("object" or "array"):
                    return Scalar(scalar, schema, path, owner) || keepsZero;
                default:
                    throw Mismatch(value, schema, path, owner);
            }
        }

        private bool Object(JsonObject value, StructuralSchema schema, string path, string owner)
        {
            if (schema.AdditionalProperties is not { } element)
            {
                Struct(value, schema, path);
                return true;
            }

            foreach (var (name, member) in value.ToList())
            {
                if (member is null)
                {
                    value[name] = element.Type == "string" ? "" : null;
                }
                else
                {
                    // Decoding errors name the field, not the key; a struct's unknown fields need the key.
                    var memberPath = element.Type == "object" ? FieldPath.Member(path, name) : path;
                    Value(member, element with { Presence = FieldPresence.Optional }, memberPath, owner);
                }
            }

            return value.Count > 0;
        }

        private void Items(JsonArray list, StructuralSchema schema, string path, string owner)
        {
            for (var i = 0; i < list.Count; i++)
            {
                if (list[i] is null && schema.Items!.Type is "object" && schema.Items.AdditionalProperties is null)
                {
                    list[i] = Empty(schema.Items);
                }

                Value(list[i], schema.Items!, FieldPath.Index(path, i), owner);
            }
        }

        private static bool Scalar(JsonValue value, StructuralSchema schema, string path, string owner)
        {
            var kind = value.GetValueKind();
            switch (schema.Type)
            {
                case "string" when kind == JsonValueKind.String:
                    return Text(value.GetValue<string>(), schema);
                case "string" when schema.Format == "quantity" && kind == JsonValueKind.Number:
                    Replace(value, value.ToJsonString());
                    return true;
                case "boolean" when kind is JsonValueKind.True or JsonValueKind.False:
                    return kind == JsonValueKind.True;
                case "integer" when kind == JsonValueKind.Number:
                    return Integer(value.ToJsonString(), schema, path, owner);
                case "number" when kind == JsonValueKind.Number:
                    return value.ToJsonString() is not ("0" or "0.0");
                case null when kind is JsonValueKind.String or JsonValueKind.Number:
                    return true;
                default:
                    throw Mismatch(value, schema, path, owner);
            }
        }

        private static void Replace(JsonValue value, string text)
        {
            if (value.Parent is JsonObject map)
            {
                map[value.GetPropertyName()] = text;
            }
            else if (value.Parent is JsonArray list)
            {
                list[value.GetElementIndex()] = text;
            }
        }

        private static bool Text(string text, StructuralSchema schema)
        {
            if (schema.Format == "byte" && Base64.FirstIllegal(text) is { } position)
            {
                throw new DecodeException($"illegal base64 data at input byte {position}");
            }

            if (schema.Format == "date-time" && text.Length > 0
                && !DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out _))
            {
                throw new DecodeException(
                    $"parsing time \"{text}\" as \"2006-01-02T15:04:05Z07:00\": cannot parse \"{text}\" as \"2006\"");
            }

            return text.Length > 0;
        }

        private static bool Integer(string text, StructuralSchema schema, string path, string owner)
        {
            var fits = long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number);
            if (!fits || (schema.Format == "int32" && number is > int.MaxValue or < int.MinValue))
            {
                throw new DecodeException($"json: cannot unmarshal number {text} into Go struct field {Field(owner, path)} of type {GoType(schema)}");
            }

            return number != 0;
        }

        private static DecodeException Mismatch(JsonNode value, StructuralSchema schema, string path, string owner) =>
            new($"json: cannot unmarshal {Describe(value)} into Go struct field {Field(owner, path)} of type {GoType(schema)}");

        private static string Field(string owner, string path)
        {
            var plain = System.Text.RegularExpressions.Regex.Replace(path, @"\[\d+\]", "");
            return $"{owner}.{plain}";
        }
    }

    private static string Describe(JsonNode value) => value.GetValueKind() switch
    {
        JsonValueKind.Object => "object",
        JsonValueKind.Array => "array",
        JsonValueKind.String => "string",
        JsonValueKind.True or JsonValueKind.False => "bool",
        _ => "number",
    };

    private static string GoType(StructuralSchema schema) => schema switch
    {
        { Type: "string" } => "string",
        { Type: "boolean" } => "bool",
        { Type: "integer" } => schema.Format ?? "int64",
        { Type: "number" } => "float64",
        { Type: "array" } => $"[]{GoType(schema.Items!)}",
        { AdditionalProperties: { } element } => $"map[string]{GoType(element)}",
        _ => $"v1.{schema.TypeName ?? "IntOrString"}",
    };

    private static JsonNode? Zero(StructuralSchema schema)
    {
        if (schema.Type == "object" && schema.AdditionalProperties is null && schema.Presence == FieldPresence.Always)
        {
            return Empty(schema);
        }

        return schema switch
        {
            { IntOrString: true } => 0,
            { Type: "string", Format: "date-time" } => null,
            { Type: "string" } => "",
            { Type: "integer" or "number" } => 0,
            { Type: "boolean" } => false,
            _ => null,
        };
    }
}

/// <summary>Standard base64 as Go's decoder reads it.</summary>
internal static class Base64
{
    /// <summary>The index of the first byte that cannot be there; null when the text is sound. Line breaks are skipped, as in Go.</summary>
    public static int? FirstIllegal(string text)
    {
        var count = 0;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c is '\r' or '\n')
            {
                continue;
            }

            if (c == '=')
            {
                var padding = text[i..].Replace("\n", "", StringComparison.Ordinal).Replace("\r", "", StringComparison.Ordinal);
                var expected = (count % 4) switch { 2 => "==", 3 => "=", _ => null };
                return padding == expected ? null : i;
            }

            if (!char.IsAsciiLetterOrDigit(c) && c is not ('+' or '/'))
            {
                return i;
            }

            count++;
        }

        return count % 4 == 0 ? null : text.Length - (count % 4);
    }
}

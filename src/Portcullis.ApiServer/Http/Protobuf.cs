using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Portcullis.ApiServer.Errors;
using Portcullis.ApiServer.Kinds;
using Portcullis.Schemas.Structural;

namespace Portcullis.ApiServer.Http;

/// <summary>
/// Reads Kubernetes' Protobuf (magic <c>k8s\0</c>, a runtime.Unknown, the object), in which kubectl's typed commands send what they
/// create. Only types that the schemas mark as described for Protobuf are read; anything else is refused, never guessed.
/// </summary>
internal static class Protobuf
{
    public const string MediaType = "application/vnd.kubernetes.protobuf";

    private const int MaxDepth = 64;
    private static ReadOnlySpan<byte> Magic => "k8s\0"u8;

    public static JsonObject Read(ReadOnlySpan<byte> body, StructuralSchema schema)
    {
        if (!body.StartsWith(Magic))
        {
            throw StatusException.BadRequest("provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]");
        }

        try
        {
            var type = default(ReadOnlySpan<byte>);
            var raw = default(ReadOnlySpan<byte>);
            var envelope = new Reader(body[Magic.Length..]);
            while (envelope.Next(out var number, out var wire))
            {
                switch (number)
                {
                    case 1:
                        type = envelope.Bytes();
                        break;
                    case 2:
                        raw = envelope.Bytes();
                        break;
                    default:
                        envelope.Skip(wire);
                        break;
                }
            }

            var value = Message(raw, schema, 0);
            NameKind(value, type);
            return value;
        }
        catch (FormatException error)
        {
            throw StatusException.BadRequest($"the protobuf body cannot be read: {error.Message}");
        }
    }

    private static void NameKind(JsonObject value, ReadOnlySpan<byte> type)
    {
        var reader = new Reader(type);
        while (reader.Next(out var number, out _))
        {
            value[number == 1 ? "apiVersion" : "kind"] = Encoding.UTF8.GetString(reader.Bytes());
        }
    }

    private static JsonObject Message(ReadOnlySpan<byte> bytes, StructuralSchema schema, int depth)
    {
        var fields = schema.TypeName is { } type ? BuiltInSchemas.Text.ProtobufFields(type) : null;
        if (fields is null || depth > MaxDepth)
        {
            throw NotRead(schema.TypeName ?? "this field");
        }

        var value = new JsonObject();
        var reader = new Reader(bytes);
        while (reader.Next(out var number, out var wire))
        {
            if (!fields.TryGetValue(number, out var name))
            {
                throw NotRead($"{schema.TypeName} (field {number})");
            }

            Field(ref reader, wire, value, name, schema.Properties[name], depth);
        }

        return value;
    }

    private static void Field(ref Reader reader, int wire, JsonObject value, string name, StructuralSchema schema, int depth)
    {
        if (schema.Type == "array")
        {
            if (value[name] is not JsonArray list)
            {
                value[name] = list = [];
            }

            list.Add(Value(ref reader, wire, schema.Items!, depth));
        }
        else if (schema.AdditionalProperties is { } element)
        {
            if (value[name] is not JsonObject map)
            {
                value[name] = map = [];
            }

            Entry(reader.Bytes(), map, element, depth);
        }
        else
        {
            value[name] = Value(ref reader, wire, schema, depth);
        }
    }

    private static void Entry(ReadOnlySpan<byte> bytes, JsonObject map, StructuralSchema element, int depth)
    {
        var key = "";
        JsonNode? value = element.Type == "string" && element.Format is null ? "" : null;
        var reader = new Reader(bytes);
        while (reader.Next(out var number, out var wire))
        {
            if (number == 1)
            {
                key = Encoding.UTF8.GetString(reader.Bytes());
            }
            else
            {
                value = Value(ref reader, wire, element, depth);
            }
        }

        map[key] = value;
    }

    private static JsonNode? Value(ref Reader reader, int wire, StructuralSchema schema, int depth) => schema switch
    {
        { Type: "string", Format: null } => Encoding.UTF8.GetString(reader.Bytes()),
        { Type: "string", Format: "byte" } => Convert.ToBase64String(reader.Bytes()),
        { Type: "string", Format: "quantity" } => Inner(reader.Bytes()),
        { Type: "string", Format: "date-time" } => Time(reader.Bytes()),
        { Type: "integer", Format: "int32" } when wire == 0 => (int)reader.Varint(),
        { Type: "integer" } when wire == 0 => (long)reader.Varint(),
        { Type: "boolean" } when wire == 0 => reader.Varint() != 0,
        { IntOrString: true } => IntOrString(reader.Bytes()),
        { Type: "object" } => Message(reader.Bytes(), schema, depth + 1),
        _ => throw NotRead(schema.TypeName ?? "this field"),
    };

    /// <summary>A message whose one field is a string (Quantity).</summary>
    private static string Inner(ReadOnlySpan<byte> bytes)
    {
        var reader = new Reader(bytes);
        return reader.Next(out _, out _) ? Encoding.UTF8.GetString(reader.Bytes()) : "";
    }

    private static JsonNode? Time(ReadOnlySpan<byte> bytes)
    {
        long seconds = 0;
        var reader = new Reader(bytes);
        var any = false;
        while (reader.Next(out var number, out var wire))
        {
            any = true;
            if (number == 1)
            {
                seconds = (long)reader.Varint();
            }
            else
            {
                reader.Skip(wire);
            }
        }

        return any ? DateTimeOffset.FromUnixTimeSeconds(seconds).UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture) : null;
    }

    private static JsonValue IntOrString(ReadOnlySpan<byte> bytes)
    {
        var isText = false;
        long number = 0;
        var text = "";
        var reader = new Reader(bytes);
        while (reader.Next(out var field, out _))
        {
            switch (field)
            {
                case 1:
                    isText = reader.Varint() != 0;
                    break;
                case 2:
                    number = (long)reader.Varint();
                    break;
                default:
                    text = Encoding.UTF8.GetString(reader.Bytes());
                    break;
            }
        }

        return isText ? JsonValue.Create(text) : JsonValue.Create(number);
    }

    private static StatusException NotRead(string what) => new(
        415, "UnsupportedMediaType", $"this server does not read {what} in protobuf; send application/json");

    /// <summary>The wire format: tags, varints and length-delimited bytes.</summary>
    private ref struct Reader(ReadOnlySpan<byte> bytes)
    {
        private ReadOnlySpan<byte> _rest = bytes;

        public bool Next(out int number, out int wire)
        {
            if (_rest.IsEmpty)
            {
                number = wire = 0;
                return false;
            }

            var tag = Varint();
            number = (int)(tag >> 3);
            wire = (int)(tag & 7);
            return true;
        }

        public ulong Varint()
        {
            ulong value = 0;
            for (var shift = 0; shift < 64; shift += 7)
            {
                if (_rest.IsEmpty)
                {
                    throw new FormatException("unexpected end");
                }

                var part = _rest[0];
                _rest = _rest[1..];
                value |= (ulong)(part & 0x7f) << shift;
                if (part < 0x80)
                {
                    return value;
                }
            }

            throw new FormatException("number too long");
        }

        public ReadOnlySpan<byte> Bytes()
        {
            var length = Varint();
            if (length > (ulong)_rest.Length)
            {
                throw new FormatException("unexpected end");
            }

            var bytes = _rest[..(int)length];
            _rest = _rest[(int)length..];
            return bytes;
        }

        public void Skip(int wire)
        {
            switch (wire)
            {
                case 0:
                    _ = Varint();
                    break;
                case 2:
                    _ = Bytes();
                    break;
                default:
                    throw new FormatException($"wire type {wire}");
            }
        }
    }
}

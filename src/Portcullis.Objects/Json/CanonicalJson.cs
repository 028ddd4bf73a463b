using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Portcullis.Objects.Json;

/// <summary>
/// One text for equal values, whatever the order of members or the spelling of numbers: what digests are taken of and what
/// "has anything changed" compares. Members sorted by ordinal, numbers as <see cref="JsonNumber"/> writes them.
/// </summary>
public static class CanonicalJson
{
    private static readonly JsonWriterOptions Options = new()
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        MaxDepth = KubernetesJson.MaxDepth,
        SkipValidation = true, // the nodes are well formed already
    };

    public static byte[] ToBytes(JsonNode? node)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var writer = new Utf8JsonWriter(buffer, Options))
        {
            Write(writer, node);
        }

        return buffer.WrittenSpan.ToArray();
    }

    public static string ToText(JsonNode? node) => Encoding.UTF8.GetString(ToBytes(node));

    /// <summary>128 bits of SHA-256, as 32 hex digits: short enough for an annotation.</summary>
    public static string Digest(ReadOnlySpan<byte> bytes)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes, hash);
        return Convert.ToHexStringLower(hash[..16]);
    }

    /// <summary>Equal as JSON values: members in any order, 1 and 1.0 alike.</summary>
    public static bool AreEqual(JsonNode? left, JsonNode? right)
    {
        switch (left, right)
        {
            case (null, null):
                return true;
            case (JsonObject a, JsonObject b):
                return a.Count == b.Count && a.All(m => b.TryGetPropertyValue(m.Key, out var other) && AreEqual(m.Value, other));
            case (JsonArray a, JsonArray b):
                return a.Count == b.Count && a.Zip(b).All(pair => AreEqual(pair.First, pair.Second));
            case (JsonValue a, JsonValue b):
                return ValuesEqual(a, b);
            default:
                return false;
        }
    }

    private static bool ValuesEqual(JsonValue a, JsonValue b)
    {
        var kind = a.GetValueKind();
        if (kind != b.GetValueKind())
        {
            return false;
        }

        return kind switch
        {
            JsonValueKind.String => a.GetValue<string>() == b.GetValue<string>(),
            JsonValueKind.Number => JsonNumber.TryInt64(a, out var x) && JsonNumber.TryInt64(b, out var y)
                ? x == y
                : JsonNumber.TryDouble(a, out var m) && JsonNumber.TryDouble(b, out var n) && m.Equals(n),
            _ => true,
        };
    }

    private static void Write(Utf8JsonWriter writer, JsonNode? node)
    {
        switch (node)
        {
            case null:
                writer.WriteNullValue();
                break;
            case JsonObject o:
                writer.WriteStartObject();
                foreach (var (key, value) in o.OrderBy(m => m.Key, StringComparer.Ordinal))
                {
                    writer.WritePropertyName(key);
                    Write(writer, value);
                }

                writer.WriteEndObject();
                break;
            case JsonArray a:
                writer.WriteStartArray();
                foreach (var item in a)
                {
                    Write(writer, item);
                }

                writer.WriteEndArray();
                break;
            default:
                WriteValue(writer, node.AsValue());
                break;
        }
    }

    private static void WriteValue(Utf8JsonWriter writer, JsonValue value)
    {
        switch (value.GetValueKind())
        {
            case JsonValueKind.String:
                writer.WriteStringValue(value.GetValue<string>());
                break;
            case JsonValueKind.Number when JsonNumber.TryInt64(value, out var whole):
                writer.WriteNumberValue(whole);
                break;
            case JsonValueKind.Number when JsonNumber.TryDouble(value, out var number) && double.IsFinite(number):
                JsonNumber.Create(number)!.WriteTo(writer);
                break;
            default:
                value.WriteTo(writer);
                break;
        }
    }
}

using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Portcullis.Objects.Json;

/// <summary>
/// How Kubernetes objects are written as JSON. Untyped objects are <see cref="JsonObject"/> everywhere in this program.
/// </summary>
public static class KubernetesJson
{
    /// <summary>Deep enough for any CRD, shallow enough that no input exhausts the stack.</summary>
    public const int MaxDepth = 128;

    private static readonly JsonWriterOptions CompactWriter = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = MaxDepth };

    /// <summary>UTF-8 bytes without white space, members in their present order.</summary>
    public static byte[] ToBytes(JsonNode? node)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(buffer, CompactWriter))
        {
            if (node is null)
            {
                writer.WriteNullValue();
            }
            else
            {
                node.WriteTo(writer);
            }
        }

        return buffer.WrittenSpan.ToArray();
    }

    public static string ToText(JsonNode? node) => System.Text.Encoding.UTF8.GetString(ToBytes(node));

    /// <summary>Parses one JSON value.</summary>
    /// <exception cref="JsonException">The bytes are not JSON, hold a duplicate key or half of a surrogate pair, or nest deeper than <see cref="MaxDepth"/>.</exception>
    public static JsonNode? Parse(ReadOnlySpan<byte> utf8) => SurrogateEscapes.AreWhole(utf8)
        ? JsonNode.Parse(utf8, null, new JsonDocumentOptions { MaxDepth = MaxDepth, AllowDuplicateProperties = false })
        : throw new JsonException("a string holds half of a surrogate pair");

    /// <summary>A time as Kubernetes writes it (metav1.Time): RFC 3339 in UTC, to the second.</summary>
    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>A time as Leases hold it (metav1.MicroTime): exactly six digits after the second.</summary>
    public static string MicroTime(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);

    public static JsonArray ToArray(IEnumerable<string> values) => new([.. values.Select(v => (JsonNode?)JsonValue.Create(v))]);

    /// <summary>The member, when it is an object; else null.</summary>
    public static JsonObject? Object(this JsonNode? node, string name) => (node as JsonObject)?[name] as JsonObject;

    /// <summary>The member, when it is an array; else null.</summary>
    public static JsonArray? Array(this JsonNode? node, string name) => (node as JsonObject)?[name] as JsonArray;

    /// <summary>The strings of the member, when it is an array; else none.</summary>
    public static List<string> Strings(this JsonNode? node, string name)
    {
        var strings = new List<string>();
        foreach (var item in node.Array(name) ?? [])
        {
            if (item is JsonValue value && value.TryGetValue(out string? text))
            {
                strings.Add(text);
            }
        }

        return strings;
    }

    /// <summary>The member, when it is a boolean; else null.</summary>
    public static bool? Flag(this JsonNode? node, string name) =>
        (node as JsonObject)?[name] is JsonValue value && value.TryGetValue(out bool flag) ? flag : null;

    /// <summary>The member, when it is a whole number; else null.</summary>
    public static long? Long(this JsonNode? node, string name) =>
        (node as JsonObject)?[name] is JsonValue value
            ? value.TryGetValue(out long number) ? number : value.TryGetValue(out int small) ? small : null
            : null;

    /// <summary>The member, when it is a string; else null.</summary>
    public static string? String(this JsonNode? node, string name) =>
        (node as JsonObject)?[name] is JsonValue value && value.TryGetValue(out string? text) ? text : null;
}

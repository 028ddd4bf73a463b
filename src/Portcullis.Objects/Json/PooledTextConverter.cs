using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Portcullis.Objects.Json;

/// <summary>
/// Reads short strings of which there is one instance in memory as long as the same text keeps coming. Kinds, labels, reasons and names of managers
/// are the same few texts in every object; ten thousand objects held a copy of each.
/// </summary>
public sealed class PooledTextConverter : JsonConverter<string>
{
    /// <summary>In bytes. Longer text is seldom the same twice.</summary>
    private const int Longest = 96;

    /// <summary>A power of two. A text that comes takes the place of another of the same slot, so the pool never grows.</summary>
    private const int Slots = 4096;

    // Written without a lock: a reference is written whole, and whoever sees an older text makes a string of its own.
    private static readonly string?[] Pool = new string?[Slots];

    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => Take(ref reader);

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStringValue(value);
    }

    public override string ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => Take(ref reader)!;

    public override void WriteAsPropertyName(Utf8JsonWriter writer, string value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WritePropertyName(value);
    }

    /// <summary>The string or property name that the reader stands at; null for JSON null.</summary>
    internal static string? Take(ref Utf8JsonReader reader)
    {
        if (reader.TokenType is not (JsonTokenType.String or JsonTokenType.PropertyName) || reader.HasValueSequence || reader.ValueIsEscaped || reader.ValueSpan.Length > Longest)
        {
            return reader.GetString();
        }

        var hash = new HashCode();
        hash.AddBytes(reader.ValueSpan);
        ref var slot = ref Pool[hash.ToHashCode() & (Slots - 1)];

        // False for anything that is not ASCII, so that text which is not valid UTF-8 is left to the reader to refuse.
        if (slot is { } known && Ascii.Equals(reader.ValueSpan, known))
        {
            return known;
        }

        return slot = reader.GetString();
    }
}

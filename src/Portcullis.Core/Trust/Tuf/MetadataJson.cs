using System.Buffers.Text;
using System.Text;
using System.Text.Json;

namespace Portcullis.Core.Trust.Tuf;

/// <summary>
/// Reads the values of metadata, and says which is not as it must be. The reader stands at the first token of a value, or at the name of a member. That no
/// member is there twice was checked before.
/// </summary>
internal static class MetadataJson
{
    private const long LargestNumber = 1L << 53;

    /// <summary>The names that a long file repeats.</summary>
    private static readonly string[] Names = ["sig", "name", "keyid", "paths", "hashes", "length", "sha256", "sha512", "method", "keyval", "public", "keyids", "keytype", "private", "threshold"];

    /// <summary>The next member of an object; false at its end. The reader then stands at the member's value.</summary>
    public static bool NextMember(ref Utf8JsonReader reader, out string name)
    {
        name = "";
        if (!reader.Read() || reader.TokenType == JsonTokenType.EndObject)
        {
            return false;
        }

        name = Known(ref reader) ?? Text(ref reader);
        reader.Read();
        return true;
    }

    /// <summary>The next element of an array; false at its end.</summary>
    public static bool NextElement(ref Utf8JsonReader reader) => reader.Read() && reader.TokenType != JsonTokenType.EndArray;

    public static void Expect(ref Utf8JsonReader reader, JsonTokenType token, string what)
    {
        if (reader.TokenType != token)
        {
            throw new MalformedMetadataException($"{what} is not {(token == JsonTokenType.StartObject ? "an object" : token == JsonTokenType.StartArray ? "a list" : "a text")}");
        }
    }

    public static string Text(ref Utf8JsonReader reader, string what)
    {
        Expect(ref reader, JsonTokenType.String, what);
        return Text(ref reader);
    }

    /// <summary>A whole number from a least one to 2^53.</summary>
    public static long Number(ref Utf8JsonReader reader, long least, string what) =>
        reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var number) && number >= least && number <= LargestNumber ? number
            : throw new MalformedMetadataException($"{what} is not a number of at least {least}");

    /// <summary>Base64 of RFC 4648 section 4 with nothing between, and in the one way of writing it.</summary>
    public static byte[] Bytes(ref Utf8JsonReader reader, string what)
    {
        Expect(ref reader, JsonTokenType.String, what);
        return Base64Of(reader.ValueIsEscaped ? Unescaped(ref reader) : reader.ValueSpan) ?? throw new MalformedMetadataException($"{what} is not base64");
    }

    /// <summary>The bytes for which a text stands; null when it is none, or not written in the one way.</summary>
    public static byte[]? Base64Of(ReadOnlySpan<byte> text)
    {
        var padding = text.EndsWith("=="u8) ? 2 : text.EndsWith("="u8) ? 1 : 0;
        var bytes = new byte[Math.Max(0, (text.Length / 4 * 3) - padding)];
        return bytes.Length > 0 && text.Length % 4 == 0 && Base64.DecodeFromUtf8(text, bytes, out var read, out var written) == System.Buffers.OperationStatus.Done
            && read == text.Length && written == bytes.Length && EndsInOneWay(text, bytes.AsSpan(bytes.Length - 3 + padding)) ? bytes : null;
    }

    /// <summary>A time of RFC 3339. Digits beyond a tenth of a microsecond are dropped.</summary>
    public static DateTimeOffset Time(ref Utf8JsonReader reader, string what)
    {
        Expect(ref reader, JsonTokenType.String, what);
        var text = reader.ValueSpan;
        var isWhole = text.Length >= 20 && text[10] == 'T' && (text[^1] == 'Z' || (text[^6] is (byte)'+' or (byte)'-' && text[^3] == ':'));
        return isWhole && reader.TryGetDateTimeOffset(out var time) ? time.ToUniversalTime() : throw new MalformedMetadataException($"{what} is not a time");
    }

    /// <summary>A member that is not known here, as it is written.</summary>
    public static UnknownMember Unknown(string name, ref Utf8JsonReader reader, ReadOnlySpan<byte> json) => new(name, Raw(ref reader, json).ToArray());

    public static ReadOnlySpan<byte> Raw(ref Utf8JsonReader reader, ReadOnlySpan<byte> json)
    {
        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        return json[start..(int)reader.BytesConsumed];
    }

    /// <summary>The bytes of a text.</summary>
    public static ReadOnlySpan<byte> Unescaped(ref Utf8JsonReader reader)
    {
        var bytes = new byte[reader.ValueSpan.Length];
        try
        {
            return bytes.AsSpan(0, reader.CopyString(bytes));
        }
        catch (InvalidOperationException)
        {
            // The reader's way of saying that an escape is half of a surrogate pair.
            throw new MalformedMetadataException("a text is not Unicode");
        }
    }

    /// <summary>The same object for a name each time; null for others.</summary>
    private static string? Known(ref Utf8JsonReader reader)
    {
        foreach (var name in Names)
        {
            if (name.Length == reader.ValueSpan.Length && reader.ValueTextEquals(name))
            {
                return name;
            }
        }

        return null;
    }

    private static string Text(ref Utf8JsonReader reader) => Encoding.UTF8.GetString(reader.ValueIsEscaped ? Unescaped(ref reader) : reader.ValueSpan);

    /// <summary>Whether the bits are zero that the last four characters have and the last bytes do not. All other characters stand for their bytes in one way.</summary>
    private static bool EndsInOneWay(ReadOnlySpan<byte> text, ReadOnlySpan<byte> last)
    {
        Span<byte> again = stackalloc byte[4];
        return Base64.EncodeToUtf8(last, again, out _, out _) == System.Buffers.OperationStatus.Done && text.EndsWith(again);
    }
}

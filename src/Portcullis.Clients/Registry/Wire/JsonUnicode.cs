using System.Text.Json;
using System.Text.Unicode;

namespace Portcullis.Clients.Registry.Wire;

/// <summary>
/// Whether the strings of a document can be read: JSON's grammar takes <c>"\ud800"</c>, which is no text, and parsers read it and bytes that are no UTF-8
/// each in its own way (RFC 8259, sections 8.1 and 8.2).
/// </summary>
internal static class JsonUnicode
{
    /// <exception cref="JsonException">It is no JSON.</exception>
    public static bool IsText(ReadOnlySpan<byte> json)
    {
        if (!Utf8.IsValid(json))
        {
            return false;
        }

        var reader = new Utf8JsonReader(json);
        while (reader.Read())
        {
            if (reader is { ValueIsEscaped: true, TokenType: JsonTokenType.String or JsonTokenType.PropertyName } && !IsText(ref reader))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsText(ref Utf8JsonReader reader)
    {
        try
        {
            _ = reader.GetString();
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}

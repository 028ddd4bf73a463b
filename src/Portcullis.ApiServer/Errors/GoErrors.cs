using System.Text;
using System.Text.Json;

namespace Portcullis.ApiServer.Errors;

/// <summary>Describes errors of JSON in the words of Go's decoder, which users of Kubernetes know.</summary>
internal static class GoErrors
{
    private static readonly string[] Literals = ["null", "true", "false"];

    public static string Json(ReadOnlySpan<byte> text)
    {
        var at = FirstBad(text);
        if (at >= text.Length)
        {
            return "unexpected end of JSON input";
        }

        return $"invalid character {Quote(text[at])} {Context(text, at)}";
    }

    /// <summary>What Go calls a value's type.</summary>
    public static string Type(System.Text.Json.Nodes.JsonNode? value) => value?.GetValueKind() switch
    {
        JsonValueKind.Array => "array",
        JsonValueKind.String => "string",
        JsonValueKind.True or JsonValueKind.False => "bool",
        JsonValueKind.Object => "object",
        _ => "number",
    };

    private static int FirstBad(ReadOnlySpan<byte> text)
    {
        var reader = new Utf8JsonReader(text, new JsonReaderOptions { MaxDepth = 512 });
        try
        {
            while (reader.Read())
            {
            }
        }
        catch (JsonException error)
        {
            return Offset(text, error.LineNumber ?? 0, error.BytePositionInLine ?? 0);
        }

        return text.Length;
    }

    private static int Offset(ReadOnlySpan<byte> text, long line, long position)
    {
        var start = 0;
        for (var i = 0; i < line; i++)
        {
            var next = text[start..].IndexOf((byte)'\n');
            start = next < 0 ? text.Length : start + next + 1;
        }

        return (int)Math.Min(text.Length, start + position);
    }

    private static string Context(ReadOnlySpan<byte> text, int at)
    {
        var before = Encoding.UTF8.GetString(text[..at]).TrimEnd();
        foreach (var literal in Literals)
        {
            for (var length = literal.Length - 1; length > 0; length--)
            {
                if (before.EndsWith(literal[..length], StringComparison.Ordinal))
                {
                    return $"in literal {literal} (expecting '{literal[length]}')";
                }
            }
        }

        return before.Length == 0
            ? "looking for beginning of value"
            : before[^1] switch
            {
                '{' => "looking for beginning of object key string",
                '[' or ':' or ',' => "looking for beginning of value",
                '"' or '}' or ']' => "after object key:value pair",
                _ => "after top-level value",
            };
    }

    private static string Quote(byte letter) => letter switch
    {
        (byte)'\'' => @"'\''",
        < 0x20 or > 0x7e => $"'\\x{letter:x2}'",
        _ => $"'{(char)letter}'",
    };
}

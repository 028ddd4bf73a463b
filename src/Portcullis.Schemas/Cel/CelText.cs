using System.Globalization;
using System.Text;
using Portcullis.Objects.Json;

namespace Portcullis.Schemas.Cel;

/// <summary>Texts counted and cut by characters (code points), as Go's strings are in CEL.</summary>
internal static class CelText
{
    public static int Length(string text)
    {
        var low = 0;
        foreach (var c in text)
        {
            low += char.IsLowSurrogate(c) ? 1 : 0;
        }

        return text.Length - low;
    }

    /// <summary>The UTF-16 offset of a character's index; -1 when beyond the end.</summary>
    public static int Offset(string text, long index)
    {
        if (index < 0 || index > text.Length)
        {
            return -1;
        }

        var at = 0;
        for (var i = 0L; i < index; i++)
        {
            if (at >= text.Length)
            {
                return -1;
            }

            at += char.IsHighSurrogate(text[at]) && at + 1 < text.Length ? 2 : 1;
        }

        return at;
    }

    /// <summary>The character's index of a UTF-16 offset.</summary>
    public static long Index(string text, int offset) => offset < 0 ? -1 : Length(text[..offset]);

    /// <summary>By code points; UTF-16 order differs above the surrogates.</summary>
    public static int Compare(string a, string b)
    {
        for (var i = 0; i < a.Length && i < b.Length; i++)
        {
            if (a[i] != b[i])
            {
                var left = char.IsSurrogate(a[i]) ? a[i] + 0x10000 : a[i];
                var right = char.IsSurrogate(b[i]) ? b[i] + 0x10000 : b[i];
                return left.CompareTo(right);
            }
        }

        return a.Length.CompareTo(b.Length);
    }

    public static string Lower(string text) => Map(text, char.IsAsciiLetterUpper, 32);

    public static string Upper(string text) => Map(text, char.IsAsciiLetterLower, -32);

    /// <summary><c>string()</c> of a value; null for values it does not take.</summary>
    public static string? From(object? value) => value switch
    {
        string text => text,
        bool flag => flag ? "true" : "false",
        long n => n.ToString(CultureInfo.InvariantCulture),
        ulong n => n.ToString(CultureInfo.InvariantCulture),
        double n => GoText.Float(n),
        byte[] bytes => Utf8(bytes),
        CelTimestamp time => CelTime.Format(time),
        CelDuration span => CelTime.Format(span),
        _ => null,
    };

    /// <summary>How an error names a value.</summary>
    public static string Show(object? value) => value is null ? "null" : From(value) ?? value.ToString() ?? "";

    private static string? Utf8(byte[] bytes)
    {
        try
        {
            return new UTF8Encoding(false, true).GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    private static string Map(string text, Func<char, bool> applies, int shift) =>
        string.Create(text.Length, (text, applies, shift), static (span, state) =>
        {
            for (var i = 0; i < span.Length; i++)
            {
                var c = state.text[i];
                span[i] = state.applies(c) ? (char)(c + state.shift) : c;
            }
        });
}

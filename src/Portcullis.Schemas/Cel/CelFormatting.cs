using System.Globalization;
using System.Text;

namespace Portcullis.Schemas.Cel;

/// <summary><c>'%s is %d'.format([a, b])</c>: the verbs s, d, f, e, b, o, x, X and a precision for f and e (cel-go ext/formatting).</summary>
internal static class CelFormatting
{
    public static object Format(string format, CelList arguments)
    {
        var text = new StringBuilder();
        var next = 0;
        for (var at = 0; at < format.Length; at++)
        {
            if (format[at] != '%')
            {
                text.Append(format[at]);
                continue;
            }

            at++;
            if (at < format.Length && format[at] == '%')
            {
                text.Append('%');
                continue;
            }

            var precision = 6;
            if (at < format.Length && format[at] == '.')
            {
                var digits = at + 1;
                for (at++; at < format.Length && char.IsAsciiDigit(format[at]); at++)
                {
                }

                if (!int.TryParse(format.AsSpan(digits, at - digits), NumberStyles.None, CultureInfo.InvariantCulture, out precision) || precision > 100)
                {
                    return new CelFault("could not parse formatting clause: invalid precision");
                }
            }

            if (at >= format.Length)
            {
                return new CelFault("unexpected end of string");
            }

            if (next >= arguments.Count)
            {
                return new CelFault($"index {next} out of range");
            }

            if (Clause(format[at], precision, arguments.At(next++)) is not { } piece)
            {
                return new CelFault($"could not parse formatting clause: unrecognized formatting clause \"{format[at]}\" or a value that does not fit it");
            }

            text.Append(piece);
        }

        return text.ToString();
    }

    private static string? Clause(char verb, int precision, object? value) => (verb, value) switch
    {
        ('s', _) => Text(value),
        ('d', long n) => n.ToString(CultureInfo.InvariantCulture),
        ('d', ulong n) => n.ToString(CultureInfo.InvariantCulture),
        ('f', double n) => n.ToString("F" + precision, CultureInfo.InvariantCulture),
        ('f', long n) => ((double)n).ToString("F" + precision, CultureInfo.InvariantCulture),
        ('e', double n) => n.ToString("0." + new string('0', precision) + "e+00", CultureInfo.InvariantCulture),
        ('b', long n) when n != long.MinValue => (n < 0 ? "-" : "") + Convert.ToString(Math.Abs(n), 2),
        ('b', bool flag) => flag ? "1" : "0",
        ('o', long n) when n != long.MinValue => (n < 0 ? "-" : "") + Convert.ToString(Math.Abs(n), 8),
        ('x', long n) when n != long.MinValue => (n < 0 ? "-" : "") + Math.Abs(n).ToString("x", CultureInfo.InvariantCulture),
        ('X', long n) when n != long.MinValue => (n < 0 ? "-" : "") + Math.Abs(n).ToString("X", CultureInfo.InvariantCulture),
        ('x', string text) => Convert.ToHexStringLower(Encoding.UTF8.GetBytes(text)),
        ('X', string text) => Convert.ToHexString(Encoding.UTF8.GetBytes(text)),
        _ => null,
    };

    private static string? Text(object? value) => value switch
    {
        null => "null",
        CelList list => $"[{string.Join(", ", list.Items.Select(Text))}]",
        CelMap map => $"{{{string.Join(", ", map.Keys.OrderBy(k => CelText.Show(k), StringComparer.Ordinal).Select(k => $"{Text(k)}: {(map.TryGet(k, out var v) ? Text(v) : "")}"))}}}",
        CelType type => type.ToString(),
        _ => CelText.From(value),
    };
}

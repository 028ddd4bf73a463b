namespace Portcullis.Core.Registries.Requests;

/// <summary>
/// The parameters of a request, decoded, in their order. A <c>+</c> stays what it is: media types have it, and no value has a space.
/// </summary>
public sealed class RegistryQuery
{
    private const int MostPairs = 32;

    private readonly List<KeyValuePair<string, string>> _pairs;

    private RegistryQuery(List<KeyValuePair<string, string>> pairs) => _pairs = pairs;

    /// <param name="raw">As it was sent, with or without the question mark.</param>
    /// <returns>Null when it cannot be read in one way alone: a broken escape, a control character, a name that is given twice, or too many names.</returns>
    public static RegistryQuery? Parse(string? raw)
    {
        var pairs = new List<KeyValuePair<string, string>>();
        var text = (raw ?? "").AsSpan();
        text = text.StartsWith('?') ? text[1..] : text;
        foreach (var range in text.Split('&'))
        {
            var pair = text[range];
            if (pair.IsEmpty)
            {
                continue;
            }

            var equals = pair.IndexOf('=');
            var (name, value) = equals < 0 ? (Decode(pair), "") : (Decode(pair[..equals]), Decode(pair[(equals + 1)..]));
            if (name is null || value is null || pairs.Count == MostPairs || pairs.Exists(p => p.Key == name))
            {
                return null;
            }

            pairs.Add(new(name, value));
        }

        return new RegistryQuery(pairs);
    }

    /// <summary>The value of a parameter; null when it is not given.</summary>
    public string? this[string name] => _pairs.Find(p => p.Key == name) is { Key: not null } found ? found.Value : null;

    /// <summary>The parameters of these names, written anew with the question mark; empty when there are none.</summary>
    public string Only(Func<string, bool> isKept)
    {
        var left = new List<string>();
        foreach (var (name, value) in _pairs)
        {
            if (isKept(name))
            {
                left.Add($"{Uri.EscapeDataString(name)}={Uri.EscapeDataString(value)}");
            }
        }

        return left.Count == 0 ? "" : "?" + string.Join('&', left);
    }

    private static string? Decode(ReadOnlySpan<char> text)
    {
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] == '%' && (at + 2 >= text.Length || !char.IsAsciiHexDigit(text[at + 1]) || !char.IsAsciiHexDigit(text[at + 2])))
            {
                return null;
            }
        }

        var decoded = Uri.UnescapeDataString(text);

        // Bytes that are no UTF-8 stay escaped, and would mean something else when they are written anew.
        return decoded.AsSpan().IndexOfAnyInRange('\0', '\u001f') >= 0 || (text.Contains('%') && decoded.Contains('%')) ? null : decoded;
    }
}

using System.Globalization;

namespace Portcullis.Core.Registries.Requests;

/// <summary>Which bytes of a blob a chunk is ("Pushing a blob in chunks"): the first and the last, counted from 0.</summary>
public readonly record struct ContentRange(long First, long Last)
{
    public long Length => Last - First + 1;

    /// <summary>Reads <c>first-last</c>, as the specification writes it, and <c>bytes first-last/size</c>, as HTTP does. Null for anything else.</summary>
    public static ContentRange? Parse(string text)
    {
        var range = text.StartsWith("bytes ", StringComparison.OrdinalIgnoreCase) ? text["bytes ".Length..].Trim() : text.Trim();
        range = range.IndexOf('/', StringComparison.Ordinal) is var slash and >= 0 ? range[..slash] : range;
        var dash = range.IndexOf('-', StringComparison.Ordinal);
        return dash > 0 && Number(range[..dash]) is { } first && Number(range[(dash + 1)..]) is { } last && first <= last ? new ContentRange(first, last) : null;
    }

    private static long? Number(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number < long.MaxValue ? number : null;
}

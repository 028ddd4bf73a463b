namespace Portcullis.Schemas.Cel;

/// <summary>What work on large values costs, in cel-go's units: a tenth of a text's length, each item of a list.</summary>
internal static class CelCosts
{
    public static long Text(params ReadOnlySpan<object?> values)
    {
        var total = 0L;
        foreach (var value in values)
        {
            total += Size(value);
        }

        return (total + 9) / 10;
    }

    public static long Items(params ReadOnlySpan<object?> values)
    {
        var total = 0L;
        foreach (var value in values)
        {
            total += Size(value);
        }

        return total;
    }

    /// <summary>A comparison stops at the end of the smaller.</summary>
    public static long Smaller(object? left, object? right) => (Math.Min(Size(left), Size(right)) + 9) / 10;

    /// <summary>A pattern over a text: both sizes multiply.</summary>
    public static long Match(object? text, object? pattern) => ((Size(text) + 10) / 10) * ((Size(pattern) + 3) / 4);

    private static long Size(object? value) => value switch
    {
        string text => text.Length,
        byte[] bytes => bytes.Length,
        CelList list => list.Count,
        CelMap map => map.Count,
        _ => 1,
    };
}

namespace Portcullis.Core.Versions;

/// <summary>Numbers with dots between them, of which zeros at the end do not count: 1.0 is 1, and below 1.0.1.</summary>
internal static class NumberList
{
    private const byte End = 0;
    private const byte More = 1;

    /// <summary>Takes the numbers that the text begins with, and a dot only where a digit follows; false when it does not begin with a digit.</summary>
    public static bool TryAdd(ref VersionText text, KeyWriter writer)
    {
        if (!text.AtDigit)
        {
            return false;
        }

        var significant = writer.Length;
        do
        {
            var number = text.TakeDigits();
            writer.Add(More);
            writer.AddNumber(number);
            significant = number.ContainsAnyExcept('0') ? writer.Length : significant;
        }
        while (TryTakeDot(ref text));

        writer.Truncate(significant);
        writer.Add(End);
        return true;
    }

    private static bool TryTakeDot(ref VersionText text)
    {
        var followed = text.Rest is ['.', >= '0' and <= '9', ..];
        text.Skip(followed ? 1 : 0);
        return followed;
    }
}

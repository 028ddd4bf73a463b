namespace Portcullis.Tools.Sizes;

/// <summary>How many lines the files, or the methods, may have: the median, nine in ten, and each.</summary>
internal sealed record SizeBar(string What, int Median, int NineInTen, int Most)
{
    private const double Half = 0.5;
    private const double Nine = 0.9;

    /// <summary>Prints what was counted, and which are too long. False when a bar is missed.</summary>
    public bool Report(IEnumerable<Size> sizes)
    {
        var sorted = sizes.OrderByDescending(s => s.Lines).ThenBy(s => s.Name, StringComparer.Ordinal).ToList();
        var median = AtRank(sorted, Half);
        var nine = AtRank(sorted, Nine);
        var most = sorted[0].Lines;
        Console.WriteLine($"{sorted.Count} {What}s: median {Shown(median, Median)}, p90 {Shown(nine, NineInTen)}, longest {Shown(most, Most)}");
        var offenders = sorted.TakeWhile(s => s.Lines > (nine > NineInTen ? NineInTen : Most)).ToList();
        foreach (var offender in offenders)
        {
            Console.WriteLine($"  {offender.Lines,4} {offender.Name}");
        }

        if (nine > NineInTen)
        {
            var allowed = sorted.Count - Rank(sorted.Count, Nine);
            Console.WriteLine($"  {offenders.Count} {What}s have more than {NineInTen} lines; {allowed} may");
        }

        if (median > Median)
        {
            var over = sorted.Count(s => s.Lines > Median);
            Console.WriteLine($"  {over} {What}s have more than {Median} lines; {sorted.Count - Rank(sorted.Count, Half)} may");
        }

        return median <= Median && nine <= NineInTen && most <= Most;
    }

    private static int AtRank(List<Size> longestFirst, double share) => longestFirst[^Rank(longestFirst.Count, share)].Lines;

    /// <summary>Nearest rank: the place, counted from the shortest, below which this share of them lies.</summary>
    private static int Rank(int count, double share) => (int)Math.Ceiling(share * count);

    private static string Shown(int lines, int bar) => lines > bar ? $"{lines} (bar {bar}: MISSED)" : $"{lines} (bar {bar})";
}

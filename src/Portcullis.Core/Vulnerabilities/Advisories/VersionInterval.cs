using Portcullis.Core.Versions;

namespace Portcullis.Core.Vulnerabilities.Advisories;

/// <summary>Versions from one to another, by their keys.</summary>
public sealed record VersionInterval
{
    /// <summary>The first version of it; null when it begins before any version.</summary>
    public VersionKey? Low { get; init; }

    /// <summary>Where it ends; null when it has no end.</summary>
    public VersionKey? High { get; init; }

    /// <summary>Whether <see cref="High"/> belongs to it.</summary>
    public bool IncludesHigh { get; init; }

    /// <summary>The version <see cref="High"/> as the advisory writes it, when it is one that is said to be free of the vulnerability.</summary>
    public string? FixedIn { get; init; }

    public bool IsEmpty => Low is { } low && High is { } high && (IncludesHigh ? low > high : low >= high);

    /// <summary>The order of ends: before, at or behind each other; no end is the last.</summary>
    public static int CompareEnds(VersionInterval one, VersionInterval other)
    {
        if (one.High is not { } left || other.High is not { } right)
        {
            return (one.High is null).CompareTo(other.High is null);
        }

        var byKey = left.CompareTo(right);
        return byKey != 0 ? byKey : one.IncludesHigh.CompareTo(other.IncludesHigh);
    }
}

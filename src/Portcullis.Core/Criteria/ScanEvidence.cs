using Portcullis.Core.Vulnerabilities;

namespace Portcullis.Core.Criteria;

/// <summary>How far the scan of an image is.</summary>
public enum ScanState
{
    /// <summary>It has begun or waits for its turn.</summary>
    Pending,

    Completed,

    /// <summary>A part of the image could not be read, so that it may have more than was found.</summary>
    Incomplete,

    /// <summary>It ended without a result.</summary>
    Failed,

    /// <summary>It has a result that is too old to be relied upon.</summary>
    Stale,
}

/// <summary>What a scan found in an image. Only a completed one counts.</summary>
public sealed record ScanEvidence
{
    public required ScanState State { get; init; }

    /// <summary>Why it failed, or since when it is stale; empty when there is nothing to say.</summary>
    public string Details { get; init; } = "";

    /// <summary>Vulnerabilities with a CVSS score of 7.0 or more.</summary>
    public int Critical { get; init; }

    /// <summary>Those from 4.0 to below 7.0.</summary>
    public int Major { get; init; }

    /// <summary>Those below 4.0.</summary>
    public int Minor { get; init; }

    /// <summary>Those that nobody has rated.</summary>
    public int Unknown { get; init; }

    /// <summary>The highest CVSS score of any; null when none has one.</summary>
    public decimal? HighestScore { get; init; }

    /// <summary>Vulnerabilities without a CVSS score.</summary>
    public int Unscored { get; init; }

    /// <summary>Those vulnerabilities of which a component can be replaced by a version without it.</summary>
    public FindingSummary Fixable { get; init; } = FindingSummary.None;

    /// <summary>Null when the list of components cannot be read at the moment.</summary>
    public IReadOnlyList<ImageComponent>? Components { get; init; } = [];

    /// <summary>Of which day the vulnerability database was.</summary>
    public DateTimeOffset? DatabaseDate { get; init; }
}

/// <summary>A package in an image.</summary>
/// <param name="Name">The package's name.</param>
/// <param name="Licenses">Its licences by their SPDX identifiers; empty when they are not known.</param>
public sealed record ImageComponent(string Name, IReadOnlyList<string> Licenses);

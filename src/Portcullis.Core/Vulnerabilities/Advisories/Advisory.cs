namespace Portcullis.Core.Vulnerabilities.Advisories;

/// <summary>What an advisory says of its vulnerability, whichever package has it.</summary>
public sealed class AdvisoryDetails
{
    public required string Id { get; init; }

    /// <summary>Other names of the same vulnerability.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>
    /// The vulnerabilities that a publisher's advisory is about, as a distribution's is about those of the software that it packages. Several CVEs here are
    /// several vulnerabilities.
    /// </summary>
    public IReadOnlyList<string> Upstream { get; init; } = [];

    public string Summary { get; init; } = "";

    public AdvisoryRating Rating { get; init; } = AdvisoryRating.None;

    /// <summary>The vulnerability as this advisory alone describes it; null when it is about several. It is made once for all components that have it.</summary>
    internal Vulnerability? Alone => (_alone ??= [FindingMerge.Alone(this)])[0];

    private Vulnerability?[]? _alone;
}

/// <summary>An advisory, reduced to what matching needs (the OSV schema, https://ossf.github.io/osv-schema).</summary>
public sealed record Advisory
{
    public required AdvisoryDetails Details { get; init; }

    /// <summary>The field modified: of two texts of an advisory the later one is in force. The least time when the publisher does not say.</summary>
    public DateTimeOffset Modified { get; init; } = DateTimeOffset.MinValue;

    public DateTimeOffset Published { get; init; } = DateTimeOffset.MinValue;

    /// <summary>It was taken back: nothing is affected by it.</summary>
    public bool IsWithdrawn { get; init; }

    /// <summary>By package, each once.</summary>
    public IReadOnlyList<AffectedPackage> Affected { get; init; } = [];
}

/// <summary>A package that has a vulnerability.</summary>
/// <param name="Package">The package.</param>
/// <param name="Versions">The versions that have it.</param>
public sealed record AffectedPackage(AdvisoryPackage Package, VersionSet Versions);

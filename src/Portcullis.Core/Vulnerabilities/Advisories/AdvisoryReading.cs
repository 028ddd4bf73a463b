namespace Portcullis.Core.Vulnerabilities.Advisories;

/// <summary>What was noticed while an advisory was read.</summary>
public enum AdvisoryNoteKind
{
    /// <summary>A range of type GIT, which names commits and not versions, was left out.</summary>
    GitRange,

    /// <summary>A package is of an ecosystem of which no component is ever found.</summary>
    OtherEcosystem,

    /// <summary>The affected versions could not be read: all versions of the package count as affected.</summary>
    AllVersions,

    /// <summary>A vector or a time could not be read and was left out.</summary>
    LeftOut,
}

/// <summary>Something noticed while an advisory was read, which is no reason to refuse it.</summary>
/// <param name="Kind">What it was.</param>
/// <param name="Text">About what, for example the ecosystem or the version.</param>
public sealed record AdvisoryNote(AdvisoryNoteKind Kind, string Text);

/// <summary>What came of reading a file that should be an advisory.</summary>
public sealed record AdvisoryReading
{
    /// <summary>Null when the file could not be read as an advisory.</summary>
    public Advisory? Advisory { get; init; }

    /// <summary>Why it could not be read.</summary>
    public string? Fault { get; init; }

    /// <summary>Whether the file claims to be an advisory: one that does not, such as a configuration file beside advisories, may be passed over.</summary>
    public bool IsAdvisory { get; init; } = true;

    public IReadOnlyList<AdvisoryNote> Notes { get; init; } = [];
}

namespace Portcullis.Scanning.Advisories;

/// <summary>What an import did.</summary>
public sealed record ImportReport
{
    public int Added { get; init; }

    public int Updated { get; init; }

    public int Withdrawn { get; init; }

    public int Unchanged { get; init; }

    /// <summary>Advisories of which a later text was there already.</summary>
    public int Older { get; init; }

    /// <summary>Whether the database's file was replaced.</summary>
    public bool IsWritten { get; init; }

    /// <summary>Files that claim to be advisories and could not be read: the database lacks what they say.</summary>
    public int Unreadable { get; init; }

    /// <summary>The first of them, each with the reason.</summary>
    public IReadOnlyList<string> UnreadableFiles { get; init; } = [];

    /// <summary>Files that do not claim to be advisories, such as a configuration file beside them.</summary>
    public int PassedOver { get; init; }

    /// <summary>Ranges of type GIT, which name commits and not versions.</summary>
    public int GitRanges { get; init; }

    /// <summary>Packages whose affected versions could not be read: all of their versions count as affected.</summary>
    public int AllVersions { get; init; }

    /// <summary>The first of them, by advisory and package.</summary>
    public IReadOnlyList<string> AllVersionsOf { get; init; } = [];

    /// <summary>Vectors that could not be read, by advisory; the first of them.</summary>
    public IReadOnlyList<string> LeftOut { get; init; } = [];

    /// <summary>Packages of ecosystems of which no component is ever found, by ecosystem.</summary>
    public IReadOnlyDictionary<string, int> OtherEcosystems { get; init; } = new Dictionary<string, int>();
}

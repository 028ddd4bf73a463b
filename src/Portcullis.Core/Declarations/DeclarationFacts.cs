namespace Portcullis.Core.Declarations;

/// <summary>What is known of an object and of the source that declares it, or once did.</summary>
public sealed record DeclarationFacts
{
    /// <summary>The object's present generation.</summary>
    public required long Generation { get; init; }

    public required string? Uid { get; init; }

    /// <summary>The source that the object is labelled with, else the one that confirmed it last; null for none.</summary>
    public required string? Source { get; init; }

    /// <summary>The trusted applier that wrote the object's present content; null for none.</summary>
    public string? Applier { get; init; }

    /// <summary>Whether a trusted applier wrote the content that was confirmed last.</summary>
    public bool WasApplied { get; init; }

    /// <summary>Whether it is acted upon although nobody declares it.</summary>
    public bool IsAllowed { get; init; }

    /// <summary>What the object's status says was confirmed.</summary>
    public Declaration? Reported { get; init; }

    /// <summary>Whether there is that source.</summary>
    public bool HasSource { get; init; }

    /// <summary>Whether the source itself is known to be as it is declared, so that what it may declare is known.</summary>
    public bool IsSourceSettled { get; init; } = true;

    /// <summary>Whether the source's revision in force is known to this process.</summary>
    public bool IsLoaded { get; init; }

    /// <summary>Whether that revision declares the object.</summary>
    public bool IsDeclared { get; init; }

    /// <summary>What the source found to be as declared; null when it has not yet, or when it is not.</summary>
    public Confirmation? Confirmed { get; init; }
}

/// <summary>The very object, at one generation, that a source found to be as declared, and the commit that last changed it.</summary>
public sealed record Confirmation(string? Uid, long Generation, string? Commit);

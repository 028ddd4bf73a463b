namespace Portcullis.Objects.Reconciliation;

/// <summary>Whether an object may be acted upon as it is: only what a source declares may (design law 1).</summary>
public abstract record DeclarationState
{
    private DeclarationState()
    {
    }

    /// <summary>
    /// The object is what its source declares. <paramref name="Declared"/> is null where nobody needs to confirm it, and
    /// <paramref name="Caveat"/> then says why.
    /// </summary>
    public sealed record Confirmed(Declaration? Declared, string? Caveat = null) : DeclarationState;

    /// <summary>A source declares the object, but not as it is: it was edited, or is about to be written or brought back.</summary>
    public sealed record Edited(string Source) : DeclarationState;

    /// <summary>Nobody can say now what Git declares: what is in force stays, and nothing is narrowed, widened or removed.</summary>
    public sealed record Unknown(string Message) : DeclarationState;

    /// <summary>No source declares it.</summary>
    public sealed record Undeclared(string Message) : DeclarationState;
}

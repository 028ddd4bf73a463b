namespace Portcullis.Repositories.Writes;

/// <summary>What became of a claim.</summary>
internal abstract record ClaimEnd
{
    private ClaimEnd()
    {
    }

    /// <summary>The tag is written or deleted, and the ledger says so.</summary>
    public sealed record Finished : ClaimEnd;

    /// <summary>Somebody else ended it first. The tag names what the ledger says.</summary>
    public sealed record Overtaken : ClaimEnd;

    /// <summary>It will have no effect, and the ledger no longer has it.</summary>
    public sealed record Withdrawn(string Reason) : ClaimEnd;
}

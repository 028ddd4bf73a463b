namespace Portcullis.Core.Repositories;

/// <summary>One thing to do so that a repository's ledger is true.</summary>
public abstract record LedgerAction(string Tag) : PlannedAction
{
    public override string Id => $"tag {Tag}";

    /// <summary>Finish a write that somebody began and did not finish.</summary>
    public sealed record Finish(string Tag, TagClaim Claim) : LedgerAction(Tag)
    {
        public override string Describe() => $"finish the {Words} of tag {Tag} ({Claim.Digest})";

        private string Words => Claim.Write switch { TagWrite.Delete => "deletion", TagWrite.Restore => "restoration", _ => "push" };
    }

    /// <summary>Enter what is in the registry and was pushed past the gateway. <paramref name="Before"/> is the ledger's entry (null: none) that it replaces.</summary>
    public sealed record Enter(string Tag, TagEntry? Before, FoundTag Found) : LedgerAction(Tag)
    {
        public override string Describe() => $"enter tag {Tag}, which was pushed past the gateway ({Found.Digest})";
    }

    /// <summary>Write a tag again: the registry has it and cannot read it, or it names what an earlier write, which arrived late, has made of it.</summary>
    public sealed record Rewrite(string Tag, string Digest, bool IsUnreadable) : LedgerAction(Tag)
    {
        public string Reason => IsUnreadable ? "the registry cannot read it" : "an earlier write arrived after it";

        public override string Describe() => $"write tag {Tag} ({Digest}) again: {Reason}";
    }

    /// <summary>Take a tag off the ledger that the registry no longer has.</summary>
    public sealed record Forget(string Tag, TagEntry Before) : LedgerAction(Tag)
    {
        public override string Describe() => $"remove tag {Tag} from the ledger: the registry no longer has it";
    }
}

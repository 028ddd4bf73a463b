namespace Portcullis.Core.Repositories;

/// <summary>What has to happen next so that a tag can be written, by its entry in the ledger and its repository's rules.</summary>
public abstract record TagWriteDecision
{
    private TagWriteDecision()
    {
    }

    /// <summary>Somebody's write has begun: it is finished first, whoever began it.</summary>
    public sealed record Finish(TagClaim Open) : TagWriteDecision;

    /// <summary>The tag names this image already.</summary>
    public sealed record Unchanged : TagWriteDecision;

    /// <summary>There is no such tag.</summary>
    public sealed record Absent : TagWriteDecision;

    /// <summary>The repository's rules forbid it.</summary>
    public sealed record Refuse(string Rule) : TagWriteDecision
    {
        /// <summary>Whether the writer himself asked not to overwrite what is there; the rule is then his reason.</summary>
        public bool IsAsked { get; init; }
    }

    /// <summary>The ledger's entry is replaced by this one, on condition that nobody else did so first.</summary>
    public sealed record Claim(TagEntry Entry) : TagWriteDecision;

    /// <summary>The claim was ended by somebody else, and the tag names the image, or has been written again since.</summary>
    public sealed record Overtaken : TagWriteDecision;

    /// <summary>The claim was ended by somebody else, who withdrew it, or whose push was deleted since: the one who claimed it has to ask again.</summary>
    public sealed record Unclear : TagWriteDecision;

    /// <summary>How a push goes on.</summary>
    public static TagWriteDecision ToPush(TagEntry? entry, string tag, TagClaim claim, string? immutableBy) => entry switch
    {
        { Claim: { } open } => new Finish(open),
        { Digest: { } digest } when digest == claim.Digest => new Unchanged(),
        { Digest: not null } when immutableBy is not null => new Refuse(immutableBy),
        null => new Claim(new TagEntry { Tag = tag, Claim = claim }),
        _ => new Claim(entry with { Claim = claim }),
    };

    /// <summary>How a deletion goes on; the claim takes over the digest that the tag names.</summary>
    public static TagWriteDecision ToDelete(TagEntry? entry, TagClaim claim, string? immutableBy) => entry switch
    {
        { Claim: { } open } => new Finish(open),
        null or { Digest: null } => new Absent(),
        _ when immutableBy is not null => new Refuse(immutableBy),
        _ => new Claim(entry with { Claim = claim with { Digest = entry.Digest, MediaType = entry.MediaType } }),
    };

    /// <summary>What becomes of a push whose claim somebody else has ended: he may have finished it or withdrawn it.</summary>
    /// <param name="claimed">The entry with the claim.</param>
    /// <param name="now">The entry as it is now.</param>
    /// <param name="again">What would be decided if the push were begun now.</param>
    public static TagWriteDecision AfterOther(TagEntry claimed, TagEntry? now, TagWriteDecision again) => now switch
    {
        null or { Digest: null } => new Unclear(),
        { Digest: var digest } when digest == claimed.Claim?.Digest => new Overtaken(),
        _ when again is Refuse => again,
        { Digest: var digest, PushedAt: var at } when digest == claimed.Digest && at == claimed.PushedAt => new Unclear(),
        _ => new Overtaken(),
    };
}

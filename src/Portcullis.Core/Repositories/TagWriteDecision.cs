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
}

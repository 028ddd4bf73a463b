namespace Portcullis.Core.Collections;

/// <summary>What became of a claim.</summary>
internal enum MemberStanding
{
    /// <summary>It is nobody's: what claims it may not have it, or not yet.</summary>
    None,

    /// <summary>It belongs to its owner.</summary>
    Member,

    /// <summary>It does not exist; its owner makes it.</summary>
    ToCreate,
}

/// <summary>What is wrong with a collection because of one namespace or node.</summary>
internal sealed record MemberProblem(string Collection, CollectionProblem Problem);

/// <summary>Whose one namespace or node is.</summary>
/// <param name="Owner">The name of the collection whose claim counts.</param>
/// <param name="Standing">What became of that claim.</param>
/// <param name="IsBeyondScope">The source that declared the owner may not claim it.</param>
/// <param name="Problems">What the claimants are told.</param>
internal sealed record MemberVerdict(string Owner, MemberStanding Standing, bool IsBeyondScope, IReadOnlyList<MemberProblem> Problems)
{
    /// <summary>Every collection that the verdict says something about.</summary>
    public IEnumerable<string> Concerned => Problems.Select(p => p.Collection).Append(Owner).Distinct(StringComparer.Ordinal);
}

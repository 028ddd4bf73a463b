using System.Collections.Immutable;
using Portcullis.Core.Kinds;

namespace Portcullis.Core.Collections;

/// <summary>
/// Decides whose each registry repository is. A pattern may be inside another collection's, and the narrower one wins; where two only overlap,
/// or are the same, the older collection keeps its own and the other's is not in force. Immutable: a change decides anew only the claims that contest
/// what changed, and those that contest them.
/// </summary>
internal sealed record RepositoryMembership
{
    public static RepositoryMembership Nothing { get; } = new();

    private RepositoryIndex Claims { get; init; } = new();

    private RepositoryIndex InForce { get; init; } = new();

    private ImmutableDictionary<string, ImmutableArray<RepositoryVerdict>> ByCollection { get; init; } =
        ImmutableDictionary.Create<string, ImmutableArray<RepositoryVerdict>>(StringComparer.Ordinal);

    /// <summary>What became of each claim of a collection, in its order.</summary>
    public IEnumerable<RepositoryVerdict> Of(string collection) => ByCollection.GetValueOrDefault(collection) is { IsDefault: false } found ? found : [];

    /// <summary>The claim that puts a repository into its collection; null when it is in none.</summary>
    public RepositoryVerdict? Narrowest(string repository) =>
        InForce.Narrowest(repository) is { } claim ? Of(claim.Owner.Key.Name).First(v => ReferenceEquals(v.Claim, claim)) : null;

    public RepositoryMembership With(ListChange<Collection> collections, ClaimScopes scopes)
    {
        var gone = collections.Gone.SelectMany(c => Of(c.Key.Name)).Select(v => v.Claim).ToList();
        var added = collections.Added.SelectMany(RepositoryClaim.Of).ToList();
        if (gone.Count == 0 && added.Count == 0)
        {
            return this;
        }

        var concerned = Concerned(gone.Concat(added), Claims.With([], added));
        var inForce = InForce.With(concerned, []);
        var verdicts = new List<RepositoryVerdict>();
        foreach (var claim in concerned.Except(gone).Order(RepositoryClaim.Oldest))
        {
            var verdict = Decide(claim, inForce, scopes);
            verdicts.Add(verdict);
            inForce = verdict.IsInForce ? inForce.With([], [claim]) : inForce;
        }

        return new RepositoryMembership { Claims = Claims.With(gone, added), InForce = inForce, ByCollection = Replace(collections.Gone, verdicts) };
    }

    /// <summary>What a change may decide differently: claims that contest those that changed, and those that contest them in turn.</summary>
    private static HashSet<RepositoryClaim> Concerned(IEnumerable<RepositoryClaim> changed, RepositoryIndex all)
    {
        var concerned = new HashSet<RepositoryClaim>();
        var next = new Queue<RepositoryClaim>(changed);
        while (next.TryDequeue(out var claim))
        {
            if (concerned.Add(claim))
            {
                all.Rivals(claim).ToList().ForEach(next.Enqueue);
            }
        }

        return concerned;
    }

    private static RepositoryVerdict Decide(RepositoryClaim claim, RepositoryIndex inForce, ClaimScopes scopes)
    {
        if (inForce.Rivals(claim).FirstOrDefault() is { } rival)
        {
            return new RepositoryVerdict(claim, false, new CollectionProblem(CollectionReasons.RepositoryTaken, claim.Field, Taken(claim, rival)));
        }

        // It stays what it was, out of reach: dropped, its repositories would fall to whoever has the wider pattern.
        return scopes.Refusal?.Invoke(claim.Owner, new ScopeClaim.Repository(claim.Field, claim.Text)) is { } refused
            ? new RepositoryVerdict(claim, true, new CollectionProblem(CollectionReasons.BeyondScope, claim.Field, refused))
            : new RepositoryVerdict(claim, true, null);
    }

    private ImmutableDictionary<string, ImmutableArray<RepositoryVerdict>> Replace(IEnumerable<Collection> gone, List<RepositoryVerdict> verdicts)
    {
        var result = ByCollection.RemoveRange(gone.Select(c => c.Key.Name)).ToBuilder();
        foreach (var mine in verdicts.GroupBy(v => v.Claim.Owner.Key.Name, StringComparer.Ordinal))
        {
            var decided = mine.Select(v => v.Claim).ToHashSet();
            var before = result.GetValueOrDefault(mine.Key) is { IsDefault: false } found ? found : [];
            result[mine.Key] = [.. before.Where(v => !decided.Contains(v.Claim)).Concat(mine).OrderBy(v => v.Claim.Index)];
        }

        return result.ToImmutable();
    }

    private static string Taken(RepositoryClaim claim, RepositoryClaim rival) => claim.Text == rival.Text
        ? $"the repositories {claim.Text} are already in the collection {rival.Owner.Spec.Path}"
        : $"the repositories {claim.Text} overlap with {rival.Text} of the collection {rival.Owner.Spec.Path}, and neither pattern is inside the other: narrow one of them";
}

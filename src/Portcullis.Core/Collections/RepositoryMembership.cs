using Portcullis.Core.Kinds;

namespace Portcullis.Core.Collections;

/// <summary>
/// Decides whose each registry repository is. A pattern may be inside another collection's, and the narrower one wins; where two only overlap,
/// or are the same, the older collection keeps its own and the other's is not in force.
/// </summary>
internal static class RepositoryMembership
{
    /// <summary><paramref name="refusal"/> says why a collection's source may not claim repositories; null when it may.</summary>
    public static RepositoryIndex Assign(IEnumerable<CollectionNode> oldestFirst, Func<Collection, ScopeClaim, string?>? refusal)
    {
        var index = new RepositoryIndex();
        foreach (var collection in oldestFirst)
        {
            var own = collection.Collection.Spec.Repositories ?? [];
            for (var i = 0; i < own.Count; i++)
            {
                Claim(new RepositoryPattern(collection, own[i]), $"spec.repositories[{i}]", index, refusal);
            }
        }

        return index;
    }

    private static void Claim(RepositoryPattern claim, string field, RepositoryIndex index, Func<Collection, ScopeClaim, string?>? refusal)
    {
        var collection = claim.Collection;
        if (index.Rival(claim) is { } rival)
        {
            collection.ProblemList.Add(new CollectionProblem(CollectionReasons.RepositoryTaken, field, Taken(claim, rival)));
            return;
        }

        var refused = refusal?.Invoke(collection.Collection, new ScopeClaim.Repository(field, claim.Text));
        if (refused is not null)
        {
            // It stays what it was, out of reach: dropped, its repositories would fall to whoever has the wider pattern.
            collection.ProblemList.Add(new CollectionProblem(CollectionReasons.BeyondScope, field, refused));
        }

        var pattern = claim with { IsBeyondScope = refused is not null };
        collection.RepositoryList.Add(pattern);
        index.Add(pattern);
    }

    private static string Taken(RepositoryPattern claim, RepositoryPattern rival) => claim.Text == rival.Text
        ? $"the repositories {claim.Text} are already in the collection {rival.Collection.Path}"
        : $"the repositories {claim.Text} overlap with {rival.Text} of the collection {rival.Collection.Path}, and neither pattern is inside the other: narrow one of them";
}

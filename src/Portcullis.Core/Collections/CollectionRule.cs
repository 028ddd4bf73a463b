using Portcullis.Core.Kinds;

namespace Portcullis.Core.Collections;

/// <summary>
/// The tree that a revision would make, together with what other sources have in force: no path twice, no namespace twice, no child without
/// its parent, no guardrail loosened. Only the revision's own collections are blamed.
/// </summary>
public sealed class CollectionRule : IRevisionRule
{
    public IEnumerable<RevisionProblem> Check(DeclaredRevision revision)
    {
        var declared = revision.Of(Collection.Definition).ToList();
        var names = declared.Select(d => d.Key).ToHashSet();
        var others = TypedObject.InForce<Collection>(revision).Where(c => !names.Contains(c.Key)).ToList();

        // What is in force is older than what is proposed, whatever its age: so the newer one gets the problem.
        var all = others
            .Select(c => c with { Metadata = c.Metadata with { CreationTimestamp = DateTimeOffset.UnixEpoch } })
            .Concat(declared.Select(d => WithName(d)))
            .ToList();
        var tree = CollectionTree.Build(all, [], []);
        var mayBeBroken = revision.MayHold(Collection.Definition);
        foreach (var one in declared)
        {
            foreach (var problem in Problems(tree, one.Key.Name).Where(p => !p.Waits && !(mayBeBroken && p.Reason == CollectionReasons.ParentMissing)))
            {
                yield return new RevisionProblem(one.PositionOf(problem.Field), $"Collection {one.Key}: {problem.Message}");
            }
        }
    }

    private static IEnumerable<CollectionProblem> Problems(CollectionTree tree, string name) =>
        tree.WhyOutside(name) is { } outside ? [outside] : tree.ByName(name)?.Problems ?? [];

    private static Collection WithName(DeclaredObject declared)
    {
        var typed = TypedObject.Read<Collection>(declared.Value);
        return typed with { Metadata = typed.Metadata with { Name = declared.Key.Name, CreationTimestamp = null, DeletionTimestamp = null } };
    }
}

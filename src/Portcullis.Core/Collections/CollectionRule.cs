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
            foreach (var (field, message) in Selectors(TypedObject.Read<Collection>(one.Value).Spec))
            {
                yield return new RevisionProblem(one.PositionOf(field), $"Collection {one.Key}: {message}");
            }

            foreach (var problem in Problems(tree, one.Key.Name).Where(p => !p.Waits && !(mayBeBroken && p.Reason == CollectionReasons.ParentMissing)))
            {
                yield return new RevisionProblem(one.PositionOf(problem.Field), $"Collection {one.Key}: {problem.Message}{PlaceOfOther(problem, one, declared)}");
            }
        }
    }

    private static IEnumerable<(string Field, string Message)> Selectors(CollectionSpec spec) =>
        SelectorCheck.Of(spec.NamespaceSelector, "spec.namespaceSelector").Concat(SelectorCheck.Of(spec.Nodes?.Selector, "spec.nodes.selector"));

    /// <summary>Where the namespace stands that two collections name; nothing where the other one is not of this revision.</summary>
    private static string PlaceOfOther(CollectionProblem problem, DeclaredObject one, List<DeclaredObject> declared) =>
        problem.Reason == CollectionReasons.NamespaceTaken && NamespaceAt(one, problem.Field) is { } name
            ? declared.Where(d => d != one).SelectMany(d => Places(d, name)).Select(p => $" ({p})").FirstOrDefault() ?? ""
            : "";

    private static string? NamespaceAt(DeclaredObject declared, string field) =>
        Namespaces(declared).FirstOrDefault(n => n.Field == field).Name;

    private static IEnumerable<SourcePosition> Places(DeclaredObject declared, string name) =>
        Namespaces(declared).Where(n => n.Name == name).Select(n => declared.PositionOf(n.Field));

    private static IEnumerable<(string Field, string Name)> Namespaces(DeclaredObject declared) =>
        (TypedObject.Read<Collection>(declared.Value).Spec.Namespaces ?? []).Select((n, i) => ($"spec.namespaces[{i}].name", n.Name));

    private static IEnumerable<CollectionProblem> Problems(CollectionTree tree, string name) =>
        tree.WhyOutside(name) is { } outside ? [outside] : tree.ByName(name)?.Problems ?? [];

    private static Collection WithName(DeclaredObject declared)
    {
        var typed = TypedObject.Read<Collection>(declared.Value);
        return typed with { Metadata = typed.Metadata with { Name = declared.Key.Name, CreationTimestamp = null, DeletionTimestamp = null } };
    }
}

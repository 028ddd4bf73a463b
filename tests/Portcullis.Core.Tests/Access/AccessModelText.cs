using Portcullis.Core.Access;
using Portcullis.Core.Collections;

namespace Portcullis.Core.Tests.Access;

/// <summary>Everything that a model says, as lines.</summary>
internal static class AccessModelText
{
    public static string Of(AccessModel model, AccessSnapshot snapshot) => string.Join(
        '\n',
        snapshot.Collections.OrderBy(c => c.Key).SelectMany(c => Of(c.Key.Name, model.Tree))
            .Append($"nodes: {Join(model.Tree.Nodes.Select(n => n.Path))}")
            .Concat(ChangingSnapshot.Namespaces.Select(n => OfNamespace(n, model)))
            .Concat(snapshot.Nodes.OrderBy(n => n.Name, StringComparer.Ordinal).Select(n => $"node {n.Name} in {model.Tree.OfClusterNode(n.Name)?.Path}"))
            .Concat(ChangingSnapshot.Repositories.Select(r => OfRepository(r, model)))
            .Concat(snapshot.Grants.OrderBy(g => g.Key).Select(g => Of(g, model))));

    private static IEnumerable<string> Of(string name, CollectionTree tree)
    {
        yield return $"collection {name}: outside {tree.WhyOutside(name)}";
        if (tree.ByName(name) is not { } node)
        {
            yield break;
        }

        yield return $"  at {node.Path} ({ReferenceEquals(tree.ByPath(node.Path), node)}) below {node.Parent?.Path}, above {Join(node.ChildPaths)}, with {Join(node.Subtree().Select(n => n.Path))}";
        yield return $"  has {Join(node.Namespaces)}; makes {Join(node.NamespacesToCreate)}; nodes {Join(node.Nodes)}; beyond {Join(ChangingSnapshot.Namespaces.Where(node.IsBeyondScope))}";
        yield return $"  repositories {Join(node.Repositories.Select(r => $"{r.Text} {r.IsBeyondScope} {r.Collection.Path}"))}";
        yield return $"  guardrails {node.Guardrails.PodSecurity} {node.Guardrails.Network} {node.Guardrails.NodePool}";
        foreach (var problem in node.Problems)
        {
            yield return $"  {problem}";
        }
    }

    private static string OfNamespace(string name, AccessModel model) =>
        $"namespace {name} in {model.Tree.OfNamespace(name)?.Path}, next {model.NextChangeIn(name, AccessWorld.Now)}: "
        + Join(model.In(name, AccessWorld.Now).Select(r => $"{r.Role.ClusterRole().ToJsonString()} for {Join(r.Subjects)} paused {Join(r.Paused)} by {Join(r.Grants)}"));

    private static string OfRepository(string name, AccessModel model) =>
        $"repository {name} in {model.Tree.OfRepository(name)?.Collection.Path} by {model.Tree.OfRepository(name)?.Text}: "
        + Join(model.Repositories.On(name, AccessWorld.Now).Select(g => $"{g.Grant} {g.Permission} {Join(g.Subjects)}"));

    private static string Of(AccessGrant grant, AccessModel model)
    {
        var found = model.Resolve(grant, AccessWorld.Now);
        return $"grant {grant.Key}: {found.Problem} {found.State} {found.NextChange} {found.Role?.Name} for {Join(found.Subjects)} in {Join(found.Namespaces)}"
            + $" +{found.NamespacesToCome}, repositories {found.RepositoryPatterns}, {found.CollectionProblem}";
    }

    private static string Join<T>(IEnumerable<T> values) => string.Join(", ", values);
}

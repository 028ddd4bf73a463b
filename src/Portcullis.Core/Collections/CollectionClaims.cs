using Portcullis.Core.Kinds;

namespace Portcullis.Core.Collections;

/// <summary>What a collection uses: its place in the tree, namespaces, nodes and repositories.</summary>
internal static class CollectionClaims
{
    public static IEnumerable<ScopeClaim> Of(CollectionSpec spec)
    {
        yield return new ScopeClaim.Collection("spec.path", spec.Path);
        for (var i = 0; i < (spec.Namespaces?.Count ?? 0); i++)
        {
            yield return new ScopeClaim.Namespace($"spec.namespaces[{i}].name", spec.Namespaces![i].Name);
        }

        if (spec.NamespaceSelector is not null)
        {
            yield return new ScopeClaim.AnyNamespace("spec.namespaceSelector");
        }

        if (spec.Nodes is not null)
        {
            yield return new ScopeClaim.RootOnly("spec.nodes", "give nodes to a collection");
        }

        foreach (var repository in spec.Repositories ?? [])
        {
            yield return new ScopeClaim.Repository("spec.repositories", repository);
        }
    }
}

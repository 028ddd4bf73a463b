using Portcullis.Cluster;
using Portcullis.Core.Access;
using Portcullis.Core.Collections;
using Portcullis.Core.Grants;
using Portcullis.Core.Organizations;
using Portcullis.Core.Roles;
using Portcullis.Core.Sources;
using Portcullis.Kubernetes.Declarations;
using Portcullis.Kubernetes.Stores;

namespace Portcullis.Access;

/// <summary>The stores that access is decided from.</summary>
internal sealed record AccessStores(
    IStore<Collection> Collections,
    IStore<NamespaceObject> Namespaces,
    IStore<NodeObject> Nodes,
    IStore<Organization> Organizations,
    IStore<AccessRole> Roles,
    IStore<Grant> Grants,
    IStore<GitSource> Sources)
{
    /// <summary>Objects of which it is not known what is declared; none where every object counts as declared.</summary>
    public UnsettledObjects Unsettled() =>
        IsSettled(Collections) && IsSettled(Organizations) && IsSettled(Roles) && IsSettled(Grants) && IsSettled(Sources) ? UnsettledObjects.None : new UnsettledObjects
        {
            Grants = Names(Grants),
            Roles = Names(Roles),
            Organizations = Names(Organizations),
            Tree = !IsSettled(Collections) || !IsSettled(Sources),
        };

    /// <summary>Calls back whenever it became known of an object what is declared, or unknown. Dispose to stop.</summary>
    public IEnumerable<IDisposable> WhenUnsettledChange(Action react) =>
        new object[] { Collections, Organizations, Roles, Grants, Sources }.OfType<IDeclaredStore>().Select(s => s.WhenUnsettledChange(react));

    private static bool IsSettled<T>(IStore<T> store)
        where T : class => store is not IDeclaredStore { IsSettled: false };

    private static HashSet<string> Names<T>(IStore<T> store)
        where T : class, IResource<T> =>
        (store as IDeclaredStore<T>)?.Unsettled().Select(u => u.Metadata.Key.Name).ToHashSet(StringComparer.Ordinal) ?? [];
}

using System.Text.Json.Nodes;
using Portcullis.Cluster;
using Portcullis.Core;
using Portcullis.Core.Collections;
using Portcullis.Kubernetes.Stores;
using Portcullis.Objects.Json;

namespace Portcullis.Collections;

/// <summary>Which collections a change of something else concerns, without looking at all of them. Few collections have a selector or repositories.</summary>
internal static class CollectionIndexes
{
    private const string At = "path";
    private const string Within = "within";
    private const string Namespace = "namespace";
    private const string Has = "has";
    private const string Source = "source";

    private const string Selector = "namespaceSelector";
    private const string Repositories = "repositories";
    private const string Nodes = "nodes";

    public static void Add(StoreOptions<Collection> options) => options
        .Index(At, c => [c.Spec.Path])
        .Index(Within, c => CollectionPath.SelfAndAncestors(c.Spec.Path))
        .Index(Namespace, c => (c.Spec.Namespaces ?? []).Select(n => n.Name).Distinct(StringComparer.Ordinal))
        .Index(Has, Parts)
        .Index(Source, c => c.Metadata.Label(WellKnown.Labels.Source) is { } source ? [source] : []);

    /// <summary>Those above and below, and those that want the same things.</summary>
    public static IEnumerable<ObjectKey> Related(Collection changed, IStore<Collection> all)
    {
        var path = changed.Spec.Path;
        var found = all.Find(Within, path)
            .Concat(CollectionPath.Parent(path) is { } parent ? all.Find(At, parent) : [])
            .Concat((changed.Spec.Namespaces ?? []).SelectMany(n => all.Find(Namespace, n.Name)));
        if (changed.Spec.Repositories is { Count: > 0 } wanted)
        {
            found = found.Concat(all.Find(Has, Repositories).Where(c => c.Spec.Repositories!.Any(r => wanted.Any(other => Glob.Overlap(r, other)))));
        }

        if (changed.Spec.NamespaceSelector is not null)
        {
            found = found.Concat(all.Find(Has, Selector));
        }

        return Keys(found).Where(key => key != changed.Key);
    }

    public static IEnumerable<ObjectKey> OfNamespace(NamespaceObject one, IStore<Collection> all) => Keys(
        Owners(one.Metadata, all)
            .Concat(all.Find(Namespace, one.Metadata.Key.Name))
            .Concat(all.Find(Has, Selector).Where(c => c.Spec.NamespaceSelector!.Matches(one.Metadata.Labels))));

    public static IEnumerable<ObjectKey> OfNode(NodeObject one, IStore<Collection> all) => Keys(
        Owners(one.Metadata, all)
            .Concat(all.Find(Has, Nodes).Where(
                c => c.Spec.Nodes!.Names?.Contains(one.Metadata.Key.Name) == true || c.Spec.Nodes.Selector?.Matches(one.Metadata.Labels) == true)));

    /// <summary>
    /// The object's own label may be what was tampered with: whose it was before the change is asked as well. Where nobody of that name is, any collection
    /// with a selector may have the namespace.
    /// </summary>
    public static IEnumerable<ObjectKey> OfGuardrail(JsonObject value, IStore<Collection> all)
    {
        var named = Named(value.Object("metadata").Object("labels").String(WellKnown.Labels.Collection), all).ToList();
        return Keys(
            (named.Count > 0 ? named : all.Find(Has, Selector))
                .Concat(value.Object("metadata").String("namespace") is { } name ? all.Find(Namespace, name) : []));
    }

    /// <summary>Those that may have the binding's namespace.</summary>
    public static IEnumerable<ObjectKey> OfBinding(JsonObject value, IStore<Collection> all) => value.Object("metadata").String("namespace") is { } name
        ? Keys(all.Find(Namespace, name).Concat(all.Find(Has, Selector)))
        : [];

    public static IEnumerable<ObjectKey> OfSource(string source, IStore<Collection> all) => Keys(all.Find(Source, source));

    public static IReadOnlyList<Collection> AtPath(string path, IStore<Collection> all) => all.Find(At, path);

    /// <summary>Those whose label or path an object carries.</summary>
    private static IEnumerable<Collection> Owners(ObjectMeta metadata, IStore<Collection> all) =>
        Named(metadata.Label(WellKnown.Labels.Collection), all)
            .Concat(metadata.Annotation(WellKnown.Annotations.AccessLabel) is { } path ? all.Find(At, path) : []);

    private static IEnumerable<Collection> Named(string? name, IStore<Collection> all) =>
        name is not null && all.Get(ObjectKey.Cluster(name)) is { } found ? [found] : [];

    private static IEnumerable<string> Parts(Collection collection)
    {
        if (collection.Spec.NamespaceSelector is not null)
        {
            yield return Selector;
        }

        if (collection.Spec.Repositories is { Count: > 0 })
        {
            yield return Repositories;
        }

        if (collection.Spec.Nodes is not null)
        {
            yield return Nodes;
        }
    }

    private static IEnumerable<ObjectKey> Keys(IEnumerable<Collection> found) => found.Select(c => c.Key).Distinct();
}

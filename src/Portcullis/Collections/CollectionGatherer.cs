using System.Text.Json;
using System.Text.Json.Nodes;
using Portcullis.Bindings;
using Portcullis.Cluster;
using Portcullis.Core;
using Portcullis.Core.Collections;
using Portcullis.Kubernetes.Client;
using Portcullis.Kubernetes.Stores;
using Portcullis.Objects.Json;

namespace Portcullis.Collections;

/// <summary>Reads from the stores what a collection's plan may look at.</summary>
internal sealed class CollectionGatherer(
    IStore<NamespaceObject> namespaces, IStore<NodeObject> nodes, GuardrailStores guardrails, UngrantedBindings bindings, KubernetesClient client)
{
    public const string OwnerIndex = "collection";

    /// <summary><paramref name="node"/> is null when it has no place in the tree.</summary>
    public CollectionObservation Observe(Collection collection, CollectionNode? node)
    {
        var (name, path) = (collection.Key.Name, collection.Spec.Path);
        var members = Members(namespaces, [name, path], node?.Namespaces ?? []);
        return new CollectionObservation
        {
            Path = path,
            Namespaces = members.ToDictionary(m => m.Key, m => ToJson(m.Value, NamespaceObject.JsonType), StringComparer.Ordinal),
            Guardrails = guardrails.Observe(name, members.Keys),
            Nodes = Members(nodes, [name, path], node?.Nodes ?? []).ToDictionary(m => m.Key, m => ToJson(m.Value, NodeObject.JsonType), StringComparer.Ordinal),
        };
    }

    /// <summary>What bindings in its own namespaces give besides Grants, one line each.</summary>
    public IReadOnlyList<string> ForeignAccess(CollectionNode? node) => [.. bindings.ForeignIn(node?.Namespaces ?? []).Select(f => f.ToString())];

    /// <summary>
    /// For the last look at a collection: what carries its label by the server's own word. A store may not show yet what was written a moment
    /// ago, and nobody would come back for it.
    /// </summary>
    public async Task<CollectionObservation> ObserveLeavingAsync(Collection collection, CancellationToken cancellationToken)
    {
        var (known, name) = (Observe(collection, null), collection.Key.Name);
        var marked = known.Guardrails.ToDictionary();
        foreach (var resource in GuardrailObjects.Kinds)
        {
            await foreach (var one in ListLabelledAsync(resource, name, cancellationToken))
            {
                var key = ObjectKey.Of(one);
                if (key.Name == GuardrailObjects.Name)
                {
                    marked[(resource.Plural, key)] = one;
                }
            }
        }

        return known with
        {
            Namespaces = await WithLabelledAsync(known.Namespaces, ClusterKinds.Namespace, name, cancellationToken),
            Nodes = await WithLabelledAsync(known.Nodes, ClusterKinds.Node, name, cancellationToken),
            Guardrails = marked,
        };
    }

    private async Task<Dictionary<string, JsonObject>> WithLabelledAsync(
        IReadOnlyDictionary<string, JsonObject> known, ApiResource resource, string name, CancellationToken cancellationToken)
    {
        var all = known.ToDictionary(StringComparer.Ordinal);
        await foreach (var one in ListLabelledAsync(resource, name, cancellationToken))
        {
            all[one.Object("metadata").String("name")!] = one;
        }

        return all;
    }

    private IAsyncEnumerable<JsonObject> ListLabelledAsync(ApiResource resource, string name, CancellationToken cancellationToken) =>
        client.ListAsync(resource, new ListOptions { LabelSelector = $"{WellKnown.Labels.Collection}={name}" }, cancellationToken);

    /// <summary>An index function: the collection that an object is labelled with, or by whose path one is known that lost the label.</summary>
    public static IEnumerable<string> OwnerOf(ObjectMeta metadata) =>
        (metadata.Label(WellKnown.Labels.Collection) ?? metadata.Annotation(WellKnown.Annotations.AccessLabel)) is { } owner ? [owner] : [];

    private static Dictionary<string, T> Members<T>(IStore<T> store, string[] owner, IReadOnlyList<string> members)
        where T : class, IResource<T>
    {
        var found = owner.SelectMany(o => store.Find(OwnerIndex, o)).DistinctBy(o => o.Metadata.Key).ToDictionary(o => o.Metadata.Key.Name, StringComparer.Ordinal);
        foreach (var member in members.Where(m => !found.ContainsKey(m)))
        {
            if (store.Get(ObjectKey.Cluster(member)) is { } value)
            {
                found[member] = value;
            }
        }

        return found;
    }

    private static JsonObject ToJson<T>(T value, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type)
        where T : class, IResource<T>
    {
        var json = JsonSerializer.SerializeToNode(value, type)!.AsObject();
        json["apiVersion"] = T.Definition.ApiVersion;
        json["kind"] = T.Definition.Kind;
        return json;
    }
}

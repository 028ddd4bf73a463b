using System.Text.Json;
using System.Text.Json.Nodes;
using Portcullis.Core;
using Portcullis.Core.Collections;
using Portcullis.Kubernetes.Hosting;
using Portcullis.Kubernetes.Stores;

namespace Portcullis.Collections;

/// <summary>Reads from the stores what a collection's plan may look at.</summary>
internal sealed class CollectionGatherer(IStore<NamespaceObject> namespaces, IStore<NodeObject> nodes, UntypedStores untyped)
{
    public const string Selector = WellKnown.Labels.ManagedBy + "=" + WellKnown.Labels.ManagedByValue;
    public const string LabelIndex = "collection";

    public CollectionObservation Observe(string name, CollectionNode? collection)
    {
        var members = Members(namespaces, name, collection?.Namespaces ?? []);
        var guardrails = new Dictionary<(string, ObjectKey), JsonObject>();
        foreach (var resource in GuardrailObjects.Kinds)
        {
            var store = untyped.Of(resource, Selector);
            foreach (var member in members.Keys)
            {
                var key = new ObjectKey(member, GuardrailObjects.Name);
                if (store.Get(key) is { } value)
                {
                    guardrails[(resource.Plural, key)] = value;
                }
            }
        }

        return new CollectionObservation
        {
            Namespaces = members.ToDictionary(m => m.Key, m => ToJson(m.Value, NamespaceObject.JsonType), StringComparer.Ordinal),
            Guardrails = guardrails,
            Nodes = Members(nodes, name, collection?.Nodes ?? []).ToDictionary(m => m.Key, m => ToJson(m.Value, NodeObject.JsonType), StringComparer.Ordinal),
        };
    }

    /// <summary>An index function: the collection that an object is labelled with.</summary>
    public static IEnumerable<string> LabelOf(ObjectMeta metadata) => metadata.Label(WellKnown.Labels.Collection) is { } name ? [name] : [];

    private static Dictionary<string, T> Members<T>(IStore<T> store, string name, IReadOnlyList<string> members)
        where T : class, IResource<T>
    {
        var found = store.Find(LabelIndex, name).ToDictionary(o => o.Metadata.Key.Name, StringComparer.Ordinal);
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

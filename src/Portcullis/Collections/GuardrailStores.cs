using System.Text.Json.Nodes;
using Portcullis.Core;
using Portcullis.Core.Collections;
using Portcullis.Kubernetes.Stores;
using Portcullis.Objects.Json;

namespace Portcullis.Collections;

/// <summary>The guardrail objects of all namespaces, with what this process wrote and the watches have not shown yet.</summary>
internal sealed class GuardrailStores(UntypedStores untyped, TimeProvider time)
{
    public const string OwnerIndex = "collection";

    private readonly Dictionary<string, ReadYourWritesStore> _stores =
        GuardrailObjects.Kinds.ToDictionary(k => k.QualifiedPlural, k => new ReadYourWritesStore(untyped.Of(k, WellKnown.Labels.ManagedSelector), time), StringComparer.Ordinal);

    public ReadYourWritesStore Of(ApiResource resource) => _stores[resource.QualifiedPlural];

    /// <summary>Every namespace that has a guardrail object.</summary>
    public IEnumerable<string> Namespaces() => GuardrailObjects.Kinds
        .SelectMany(k => untyped.Of(k, WellKnown.Labels.ManagedSelector).Keys())
        .Where(k => k.Name == GuardrailObjects.Name)
        .Select(k => k.Namespace)
        .Distinct(StringComparer.Ordinal);

    /// <summary>Calls back with the namespace of each guardrail object that comes or changes.</summary>
    public IEnumerable<IDisposable> Subscribe(Action<string> react) => GuardrailObjects.Kinds.Select(k => untyped.Of(k, WellKnown.Labels.ManagedSelector).Subscribe(change =>
    {
        if (change.Key.Name == GuardrailObjects.Name && !change.IsDeletion)
        {
            react(change.Key.Namespace);
        }
    }));

    /// <summary>Those in these namespaces, and those that are labelled as the collection's wherever they are.</summary>
    public Dictionary<(string Plural, ObjectKey Key), JsonObject> Observe(string collection, IReadOnlyCollection<string> namespaces)
    {
        var found = new Dictionary<(string, ObjectKey), JsonObject>();
        foreach (var resource in GuardrailObjects.Kinds)
        {
            var elsewhere = untyped.Of(resource, WellKnown.Labels.ManagedSelector).Find(OwnerIndex, collection)
                .Where(o => o.Object("metadata").String("name") == GuardrailObjects.Name)
                .Select(o => o.Object("metadata").String("namespace")!);
            foreach (var key in namespaces.Union(elsewhere, StringComparer.Ordinal).Select(n => new ObjectKey(n, GuardrailObjects.Name)))
            {
                if (Of(resource).Get(key) is { } value)
                {
                    found[(resource.Plural, key)] = value;
                }
            }
        }

        return found;
    }
}

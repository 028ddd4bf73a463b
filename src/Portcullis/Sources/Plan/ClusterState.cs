using System.Text.Json.Nodes;
using Portcullis.Core;
using Portcullis.Core.Kinds;
using Portcullis.Kubernetes.Client;
using Portcullis.Sources.Apply;

namespace Portcullis.Sources.Plan;

/// <summary>What a cluster holds of some kinds, read once.</summary>
internal sealed record ClusterState(IReadOnlyDictionary<ObjectIdentity, ClusterObject> Objects)
{
    public static async Task<ClusterState> ReadAsync(KubernetesClient client, IEnumerable<ApiResource> resources, CancellationToken cancellationToken)
    {
        var objects = new Dictionary<ObjectIdentity, ClusterObject>();
        foreach (var resource in resources.DistinctBy(r => r.QualifiedPlural))
        {
            // Of a kind that is not defined there yet, everything is to be created.
            foreach (var value in await client.ListIfServedAsync(resource, new ListOptions(), cancellationToken))
            {
                objects[new ObjectIdentity(resource.Group, resource.Kind, ObjectKey.Of(value))] = new ClusterObject(LiveFact.Of(resource, value), value);
            }
        }

        return new ClusterState(objects);
    }

    /// <summary>The source that an object belongs to; a label that names no source there is nobody's.</summary>
    public string? OwnerOf(ObjectIdentity identity) =>
        Objects.GetValueOrDefault(identity)?.Fact.Source is { } source
        && Objects.ContainsKey(new ObjectIdentity(WellKnown.Group, Core.Sources.GitSource.Definition.Kind, ObjectKey.Cluster(source)))
            ? source
            : null;

    /// <summary>Objects of our own kinds that other sources declared.</summary>
    public IReadOnlyList<JsonObject> OwnedByOthers(string source) =>
    [
        .. Objects.Where(o => o.Key.Group == WellKnown.Group && o.Value.Fact.Source is { } owner && owner != source).OrderBy(o => o.Key).Select(o => o.Value.Value),
    ];
}

/// <summary>One object with the facts that a plan needs.</summary>
internal sealed record ClusterObject(LiveFact Fact, JsonObject Value);

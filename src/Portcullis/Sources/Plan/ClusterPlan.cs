using Portcullis.Core;
using Portcullis.Core.Kinds;
using Portcullis.Core.Revisions;
using Portcullis.Kubernetes.Client;
using Portcullis.Sources.Apply;

namespace Portcullis.Sources.Plan;

/// <summary>What applying a revision would change in a cluster now, reading only.</summary>
internal static class ClusterPlan
{
    public static async Task<RevisionPlan> MakeAsync(KubernetesClient client, RevisionContent wanted, string source, KindSet kinds, CancellationToken cancellationToken)
    {
        var inventory = new InventoryMemory();
        await new SourceInventories(client).LoadAsync(source, inventory, cancellationToken);
        var live = new Dictionary<ObjectIdentity, (LiveFact Fact, System.Text.Json.Nodes.JsonObject Value)>();
        foreach (var resource in wanted.Objects.Select(o => o.Resource).DistinctBy(r => r.QualifiedPlural))
        {
            await ListAsync(client, resource, live, cancellationToken);
        }

        var planned = wanted.Objects.Select(o => Plan(o, live)).ToList();
        var declared = wanted.Objects.Select(o => o.Identity).ToHashSet();
        planned.AddRange(inventory.Entries.Where(e => !declared.Contains(e.Identity))
            .Select(e => new PlannedObject(PlannedChange.Prune, e.Identity, null, [])));
        return RevisionPlan.Ordered(planned, kinds);
    }

    private static PlannedObject Plan(RevisionObject one, Dictionary<ObjectIdentity, (LiveFact Fact, System.Text.Json.Nodes.JsonObject Value)> live)
    {
        var position = one.Position.ToString();
        if (!live.TryGetValue(one.Identity, out var found))
        {
            return new PlannedObject(PlannedChange.Create, one.Identity, position, []);
        }

        var differences = FieldDifferences.Between(one.Manifest.ToObject(), found.Value);
        return found.Fact.ContentDigest == one.Manifest.Digest && differences.Count == 0
            ? new PlannedObject(PlannedChange.Unchanged, one.Identity, position, [])
            : new PlannedObject(PlannedChange.Configure, one.Identity, position, differences);
    }

    private static async Task ListAsync(
        KubernetesClient client,
        ApiResource resource,
        Dictionary<ObjectIdentity, (LiveFact Fact, System.Text.Json.Nodes.JsonObject Value)> live,
        CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var value in client.ListAsync(resource, new ListOptions(), cancellationToken))
            {
                var metadata = value["metadata"]!;
                var key = new ObjectKey(metadata["namespace"]?.ToString() ?? "", metadata["name"]!.ToString());
                live[new ObjectIdentity(resource.Group, resource.Kind, key)] = (LiveFact.Of(resource, value), value);
            }
        }
        catch (KubernetesApiException e) when (e.IsNotFound && resource.Group == WellKnown.Group)
        {
            // The CRDs are not installed yet: everything is to be created.
        }
    }
}

using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Portcullis.Core;
using Portcullis.Core.Kinds;
using Portcullis.Core.Revisions;
using Portcullis.Core.Sources;
using Portcullis.Kubernetes.Client;
using Portcullis.Objects.Json;
using Portcullis.Sources.Fetch;

namespace Portcullis.Sources.Apply;

/// <summary>Brings together what the planner may look at: the revision in force, the inventory, and the cluster as the watches tell it.</summary>
internal sealed class SourceGatherer(
    KubernetesClient client, LiveObjects live, ObjectWriter writer, ParallelRequests requests, KindSet kinds, GitSourcesOptions options)
{
    private static readonly ApiResource[] Workloads =
    [
        new("", "v1", "Pod", "pods", true),
        new("apps", "v1", "Deployment", "deployments", true),
        new("apps", "v1", "StatefulSet", "statefulsets", true),
        new("apps", "v1", "DaemonSet", "daemonsets", true),
        new("apps", "v1", "ReplicaSet", "replicasets", true),
        new("batch", "v1", "Job", "jobs", true),
        new("batch", "v1", "CronJob", "cronjobs", true),
        new("", "v1", "PersistentVolumeClaim", "persistentvolumeclaims", true),
    ];

    public async Task<ApplyObservation> ObserveAsync(GitSource source, SourceState state, CancellationToken cancellationToken)
    {
        var revision = state.InForce!;
        var inventory = state.Inventory.Entries.ToList();
        await FollowAsync(revision, inventory, cancellationToken);
        await LearnAsync(source.Key.Name, state, cancellationToken);
        var seen = new Dictionary<ObjectIdentity, LiveObject>(revision.Objects.Count);
        foreach (var declared in revision.Objects)
        {
            if (live.Find(declared.Identity) is { } fact)
            {
                seen[declared.Identity] = Seen(declared, fact, state);
            }
        }

        foreach (var (identity, leaving) in await LeavingAsync(inventory.Where(e => !revision.ByIdentity.ContainsKey(e.Identity)), cancellationToken))
        {
            seen[identity] = leaving;
        }

        return ObservationOf(source, revision, inventory, seen) with
        {
            Unwritable = revision.Objects.Where(o => live.RefusalOf(o.Resource) is { IsAbsent: false }).Select(o => o.Identity).ToHashSet(),
            Settled = state.Report.Last?.LastAppliedCommit == revision.Target.Commit,
        };
    }

    /// <summary>What a plan for a revision goes by, the objects found being these.</summary>
    public ApplyObservation ObservationOf(
        GitSource source, SourceRevision revision, IReadOnlyCollection<InventoryEntry> inventory, IReadOnlyDictionary<ObjectIdentity, LiveObject> found) => new()
        {
            Source = source.Key.Name,
            IsRoot = source.Key.Name == options.RootSource,
            Kinds = kinds,
            Desired = [.. revision.Objects.Select(Desired)],
            Inventory = inventory,
            Live = found,
            Drift = source.Spec.Drift?.Mode ?? DriftMode.Revert,
            Budget = PruneBudget.From(source.Spec.Prune),
            PruneApproved = source.Metadata.Annotation(WellKnown.Annotations.Approve) == revision.Target.Commit,
        };

    /// <summary>The facts about objects that leave, those that are gone left out; read from the server itself, since they are about to be deleted.</summary>
    public async Task<Dictionary<ObjectIdentity, LiveObject>> LeavingAsync(IEnumerable<InventoryEntry> entries, CancellationToken cancellationToken)
    {
        var found = new ConcurrentDictionary<ObjectIdentity, LiveObject>();
        await requests.ForEachAsync(
            entries,
            async (entry, token) =>
            {
                if (await LeavingAsync(entry, token) is { } leaving)
                {
                    found[entry.Identity] = leaving;
                }
            },
            cancellationToken);
        return new Dictionary<ObjectIdentity, LiveObject>(found);
    }

    private async Task<LiveObject?> LeavingAsync(InventoryEntry entry, CancellationToken cancellationToken)
    {
        if (await ResourceOfAsync(entry, cancellationToken) is not { } resource)
        {
            return null;
        }

        try
        {
            var value = await client.GetAsync(resource, entry.Identity.Key, cancellationToken);
            if (value is null && await ServedAsync(resource, cancellationToken) is { } served && served.Version != resource.Version)
            {
                resource = served;
                value = await client.GetAsync(resource, entry.Identity.Key, cancellationToken);
            }

            return value is null ? null : await LeavingAsync(entry, resource, value, cancellationToken);
        }
        catch (KubernetesApiException e)
        {
            return new LiveObject { Uid = "", Refused = e.Message };
        }
    }

    private async Task<LiveObject> LeavingAsync(InventoryEntry entry, ApiResource resource, JsonObject value, CancellationToken cancellationToken)
    {
        var fact = LiveFact.Of(resource, value);
        var managers = (value.Object("metadata").Array("managedFields") ?? []).Select(m => m.String("manager"));
        return new LiveObject
        {
            Uid = fact.Uid,
            Source = live.OwnerOf(fact),
            ContentDigest = fact.ContentDigest,
            KeepWhenPruned = fact.KeepWhenPruned,
            IsBeingDeleted = fact.IsBeingDeleted,
            Applied = managers.Contains(WellKnown.Managers.GitSources),
            Holds = await HeldByAsync(resource, value.Object("spec").Object("names").String("plural"), entry.Identity.Key.Name, cancellationToken),
        };
    }

    /// <summary>The stamps that an object of the same content carries already: they are not rewritten.</summary>
    public ObjectStamp? StampOf(DesiredObject desired) =>
        live.Find(desired.Identity) is { } fact && fact.ContentDigest == desired.ContentDigest ? fact.Stamp : null;

    public async Task<ApiResource?> ResourceOfAsync(InventoryEntry entry, CancellationToken cancellationToken) =>
        kinds.FindByGroup(entry.Identity.Group, entry.Identity.Kind)?.Resource
        ?? await client.FindResourceAsync(entry.ApiVersion, entry.Identity.Kind, cancellationToken)
        ?? (entry.Identity.Group.Length == 0 ? null : await client.FindServedAsync(entry.Identity.Group, entry.Identity.Kind, cancellationToken));

    /// <summary>
    /// The kind as it is served now. A definition that no longer serves a version says of every object of it that it is not there; the
    /// objects are, by another version.
    /// </summary>
    private async Task<ApiResource?> ServedAsync(ApiResource resource, CancellationToken cancellationToken)
    {
        if (kinds.HasGroup(resource.Group) || PlainKinds.Knows(resource.ApiVersion, resource.Kind))
        {
            return resource;
        }

        try
        {
            await client.FirstAsync(resource, new ListOptions(), cancellationToken);
            return resource;
        }
        catch (KubernetesApiException e) when (e.IsNotFound)
        {
            return await client.FindServedAsync(resource.Group, resource.Kind, cancellationToken);
        }
    }

    private DesiredObject Desired(RevisionObject declared) =>
        new(new InventoryEntry(declared.Manifest.ApiVersion, declared.Identity), declared.Manifest.Digest, kinds.StageOf(declared.Resource.Group, declared.Resource.Kind));

    private LiveObject Seen(RevisionObject declared, LiveFact fact, SourceState state)
    {
        return new LiveObject
        {
            Uid = fact.Uid,
            Source = live.OwnerOf(fact),
            ContentDigest = fact.ContentDigest,
            Differences = live.Compare(declared, fact, state.Writes.FormOf(Desired(declared))?.Content),
            KeepWhenPruned = fact.KeepWhenPruned,
            IsBeingDeleted = fact.IsBeingDeleted,
            Applied = true,
        };
    }

    /// <summary>
    /// What was written before this process started is compared with what the server makes of it now: a dry run for each object that looks
    /// different, once.
    /// </summary>
    private Task LearnAsync(string source, SourceState state, CancellationToken cancellationToken)
    {
        var unknown = state.InForce!.Objects.Where(declared =>
            !kinds.HasGroup(declared.Resource.Group)
            && live.Find(declared.Identity) is { IsBeingDeleted: false, Stamp: not null } fact
            && fact.ContentDigest == declared.Manifest.Digest
            && state.Writes.FormOf(Desired(declared)) is null
            && live.Compare(declared, fact, null).Count > 0).ToList();
        return requests.ForEachAsync(
            unknown,
            async (declared, token) =>
            {
                var body = ObjectBody.For(declared, source, live.Find(declared.Identity)?.Stamp ?? new ObjectStamp("", "", ""));
                if (await writer.TryAsync(declared, body, token) is { } stored)
                {
                    state.Writes.Learn(Desired(declared), body, stored);
                }
            },
            cancellationToken);
    }

    private async Task FollowAsync(SourceRevision revision, List<InventoryEntry> inventory, CancellationToken cancellationToken)
    {
        var resources = revision.Resources.ToList();
        foreach (var entry in inventory.DistinctBy(e => (e.ApiVersion, e.Identity.Kind)))
        {
            if (await ResourceOfAsync(entry, cancellationToken) is { } resource)
            {
                resources.Add(resource);
            }
        }

        await live.FollowAsync(resources, cancellationToken);
    }

    /// <summary>What would go with a namespace or a kind: workloads are never deleted as a side effect.</summary>
    private async Task<string?> HeldByAsync(ApiResource resource, string? plural, string name, CancellationToken cancellationToken)
    {
        if (resource is { Group: "", Kind: "Namespace" })
        {
            foreach (var workload in Workloads)
            {
                var found = await FirstAsync(workload, name, cancellationToken);
                if (found is not null)
                {
                    return $"{workload.Kind} {found}";
                }
            }
        }

        return resource.Kind == "CustomResourceDefinition" && plural is not null && await FirstAsync(name, cancellationToken) is { } instance
            ? $"objects of its kind ({instance})"
            : null;
    }

    private async Task<string?> FirstAsync(ApiResource resource, string space, CancellationToken cancellationToken)
    {
        try
        {
            var one = await client.FirstAsync(resource, new ListOptions { Namespace = space }, cancellationToken);
            return one.Object("metadata").String("name");
        }
        catch (KubernetesApiException e) when (e.IsNotFound)
        {
            // A server without this kind has none of it.
            return null;
        }
    }

    private async Task<string?> FirstAsync(string definition, CancellationToken cancellationToken)
    {
        var crd = await client.GetAsync(
            new ApiResource("apiextensions.k8s.io", "v1", "CustomResourceDefinition", "customresourcedefinitions", false), ObjectKey.Cluster(definition), cancellationToken);
        return crd is not null && DeclaredKinds.Of(crd).FirstOrDefault() is { } resource ? await FirstAsync(resource, "", cancellationToken) : null;
    }
}

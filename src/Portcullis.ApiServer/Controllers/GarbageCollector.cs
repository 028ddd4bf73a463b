using System.Text.Json.Nodes;
using Portcullis.ApiServer.Kinds;
using Portcullis.ApiServer.Storage;
using Portcullis.Objects.Json;

namespace Portcullis.ApiServer.Controllers;

/// <summary>
/// Deletes what has lost its last owner, completes foreground deletion (dependents first) and orphans dependents where that was
/// requested. Owners are known by uid: another object of the same name is not the owner.
/// https://kubernetes.io/docs/concepts/architecture/garbage-collection/
/// </summary>
internal sealed class GarbageCollector(IObjectStore store, IKindDirectory kinds, IResourceOperations operations) : IBuiltInController
{
    private const string Foreground = "foregroundDeletion";
    private const string Orphan = "orphan";

    /// <summary>How soon to check an object again whose owner's kind is not served (its CRD may come back).</summary>
    private static readonly TimeSpan UnknownKindRetry = TimeSpan.FromMinutes(1);

    private readonly OwnerGraph _graph = new();

    public string Name => "system:serviceaccount:kube-system:generic-garbage-collector";

    public IEnumerable<string> AllKeys()
    {
        foreach (var stored in kinds.All.SelectMany(kind => store.List(kind)))
        {
            _graph.Put(stored);
            if (NeedsALook(stored.Object))
            {
                yield return OwnerGraph.UidOf(stored.Object);
            }
        }
    }

    public IEnumerable<string> KeysFor(StoreEvent change)
    {
        var uid = OwnerGraph.UidOf(change.Object.Object);
        if (!change.IsDeletion)
        {
            _graph.Put(change.Object);
            return NeedsALook(change.Object.Object) ? [uid] : [];
        }

        // Its dependents have lost it; its owners may have been waiting for it.
        var concerned = _graph.DependentsOf(uid).Concat(_graph.OwnersOf(uid)).ToList();
        _graph.Remove(change.Object);
        return concerned;
    }

    public async Task<TimeSpan?> ReconcileAsync(string key, CancellationToken cancellationToken)
    {
        if (_graph.Find(key) is not { } place || store.Get(place.Resource, place.Key) is not { } stored ||
            OwnerGraph.UidOf(stored.Object) != key)
        {
            return null;
        }

        if (IsBeingDeleted(stored.Object))
        {
            if (HasFinalizer(stored.Object, Foreground))
            {
                return await DeleteDependentsAsync(stored, key, cancellationToken);
            }

            if (HasFinalizer(stored.Object, Orphan))
            {
                await OrphanDependentsAsync(stored, key, cancellationToken);
            }

            return null;
        }

        return await JudgeAsync(stored, cancellationToken);
    }

    /// <summary>Lives while one owner does; references to owners that are gone (or wait for it to go) are dropped.</summary>
    private async Task<TimeSpan?> JudgeAsync(StoredObject stored, CancellationToken cancellationToken)
    {
        List<string> alive = [], gone = [], waiting = [];
        foreach (var reference in OwnerGraph.OwnerReferences(stored.Object))
        {
            switch (StateOf(reference, stored.Key))
            {
                case OwnerState.Unknown:
                    return UnknownKindRetry;
                case OwnerState.Alive:
                    alive.Add(reference.String("uid") ?? "");
                    break;
                case OwnerState.Waiting:
                    waiting.Add(reference.String("uid") ?? "");
                    break;
                default:
                    gone.Add(reference.String("uid") ?? "");
                    break;
            }
        }

        if (alive.Count > 0)
        {
            if (gone.Count + waiting.Count > 0)
            {
                await DropOwnersAsync(stored, [.. gone, .. waiting], cancellationToken);
            }
        }
        else if (gone.Count + waiting.Count > 0)
        {
            var dependents = Dependents(OwnerGraph.UidOf(stored.Object)).ToList();
            if (waiting.Count > 0 && dependents.Exists(IsInForegroundDeletion))
            {
                // A circle: each would wait for the other.
                await UnblockOwnersAsync(stored, cancellationToken);
            }

            await DeleteAsync(stored, waiting.Count > 0 && dependents.Count > 0 ? "Foreground" : "Background", cancellationToken);
        }

        return null;
    }

    private OwnerState StateOf(JsonObject reference, ObjectKey dependent)
    {
        if (kinds.Find(reference.String("apiVersion") ?? "", reference.String("kind") ?? "") is not { } kind ||
            (kind.Namespaced && dependent.Namespace.Length == 0))
        {
            return OwnerState.Unknown;
        }

        // An owner is in its dependent's namespace, or in none.
        var key = new ObjectKey(kind.Namespaced ? dependent.Namespace : "", reference.String("name") ?? "");
        if (store.Get(kind, key) is not { } owner || OwnerGraph.UidOf(owner.Object) != reference.String("uid"))
        {
            return OwnerState.Gone;
        }

        return IsInForegroundDeletion(owner) ? OwnerState.Waiting : OwnerState.Alive;
    }

    private async Task<TimeSpan?> DeleteDependentsAsync(StoredObject owner, string uid, CancellationToken cancellationToken)
    {
        var isBlocked = false;
        foreach (var dependent in Dependents(uid))
        {
            var blocks = OwnerGraph.OwnerReferences(dependent.Object)
                .Any(reference => reference.String("uid") == uid && reference.Flag("blockOwnerDeletion") == true);
            isBlocked |= blocks;
            if (!IsBeingDeleted(dependent.Object))
            {
                _ = await JudgeAsync(dependent, cancellationToken);
            }
        }

        // List once more: what had no finalizer is gone already.
        isBlocked = isBlocked && Dependents(uid).Any(dependent => OwnerGraph.OwnerReferences(dependent.Object)
            .Any(reference => reference.String("uid") == uid && reference.Flag("blockOwnerDeletion") == true));
        if (!isBlocked)
        {
            await RemoveFinalizerAsync(owner, Foreground, cancellationToken);
        }

        return null;
    }

    private async Task OrphanDependentsAsync(StoredObject owner, string uid, CancellationToken cancellationToken)
    {
        foreach (var dependent in Dependents(uid))
        {
            await DropOwnersAsync(dependent, [uid], cancellationToken);
        }

        await RemoveFinalizerAsync(owner, Orphan, cancellationToken);
    }

    private IEnumerable<StoredObject> Dependents(string uid)
    {
        foreach (var dependent in _graph.DependentsOf(uid))
        {
            if (_graph.Find(dependent) is { } place && store.Get(place.Resource, place.Key) is { } stored)
            {
                yield return stored;
            }
        }
    }

    private async Task DropOwnersAsync(StoredObject stored, IReadOnlyCollection<string> uids, CancellationToken cancellationToken)
    {
        var value = stored.Object.DeepClone().AsObject();
        var metadata = value.Object("metadata")!;
        var left = OwnerGraph.OwnerReferences(value).Where(reference => !uids.Contains(reference.String("uid") ?? "")).ToList();
        _ = metadata.Remove("ownerReferences");
        if (left.Count > 0)
        {
            metadata["ownerReferences"] = new JsonArray([.. left.Select(reference => reference.DeepClone())]);
        }

        _ = await operations.UpdateAsync(Name, stored.Resource, value, "", cancellationToken);
    }

    private async Task UnblockOwnersAsync(StoredObject stored, CancellationToken cancellationToken)
    {
        var value = stored.Object.DeepClone().AsObject();
        foreach (var reference in OwnerGraph.OwnerReferences(value))
        {
            reference["blockOwnerDeletion"] = false;
        }

        _ = await operations.UpdateAsync(Name, stored.Resource, value, "", cancellationToken);
    }

    private async Task RemoveFinalizerAsync(StoredObject stored, string finalizer, CancellationToken cancellationToken)
    {
        var value = stored.Object.DeepClone().AsObject();
        var left = value.Object("metadata").Strings("finalizers").Where(present => present != finalizer).ToList();
        value.Object("metadata")!["finalizers"] = KubernetesJson.ToArray(left);
        _ = await operations.UpdateAsync(Name, stored.Resource, value, "", cancellationToken);
    }

    private Task DeleteAsync(StoredObject stored, string propagation, CancellationToken cancellationToken)
    {
        // A finalizer that chooses how this object's own deletion propagates is respected.
        var policy = HasFinalizer(stored.Object, Orphan) ? "Orphan" : HasFinalizer(stored.Object, Foreground) ? "Foreground" : propagation;
        return operations.DeleteAsync(
            Name,
            stored.Resource,
            stored.Key,
            new JsonObject
            {
                ["kind"] = "DeleteOptions",
                ["apiVersion"] = "v1",
                ["preconditions"] = new JsonObject { ["uid"] = OwnerGraph.UidOf(stored.Object) },
                ["propagationPolicy"] = policy,
            },
            cancellationToken);
    }

    private static bool NeedsALook(JsonObject value) =>
        OwnerGraph.OwnerReferences(value).Any() ||
        (IsBeingDeleted(value) && (HasFinalizer(value, Foreground) || HasFinalizer(value, Orphan)));

    private static bool IsInForegroundDeletion(StoredObject stored) => IsBeingDeleted(stored.Object) && HasFinalizer(stored.Object, Foreground);

    private static bool IsBeingDeleted(JsonObject value) => value.Object("metadata").String("deletionTimestamp") is not null;

    private static bool HasFinalizer(JsonObject value, string finalizer) =>
        value.Object("metadata").Strings("finalizers").Contains(finalizer, StringComparer.Ordinal);

    private enum OwnerState
    {
        Gone,
        Alive,
        Waiting,
        Unknown,
    }
}

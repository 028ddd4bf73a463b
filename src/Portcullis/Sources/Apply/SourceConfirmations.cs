using System.Text.Json.Nodes;
using Portcullis.Core;
using Portcullis.Core.Declarations;
using Portcullis.Core.Kinds;
using Portcullis.Core.Revisions;
using Portcullis.Core.Sources;
using Portcullis.Declarations;
using Portcullis.Kubernetes.Client;
using Portcullis.Objects.Json;
using Portcullis.Sources.Fetch;

namespace Portcullis.Sources.Apply;

/// <summary>
/// Says which objects of our kinds a source declares, and which the cluster holds as they are declared: only those are acted upon (design
/// law 1).
/// </summary>
internal sealed class SourceConfirmations(DeclarationRegister register, LiveObjects live, KubernetesClient client, TimeProvider time)
{
    /// <summary>Before a run. What leaves Git is declared until it is pruned, so that a renamed grant opens no gap.</summary>
    public void Begin(ApplyObservation seen, SourceRevision revision)
    {
        register.Locate(
            seen.Source,
            identity => revision.ByIdentity.TryGetValue(identity, out var one) ? $"{one.Position} of the GitSource {seen.Source} at {revision.Target.Short}" : null);
        register.Declare(seen.Source, Of(seen, revision), Leaving(seen));
    }

    /// <summary>After a run: nothing is declared but what the revision holds.</summary>
    public void End(string source, SourceRevision revision) => register.Retain(source, revision.ByIdentity.ContainsKey);

    /// <summary>An object was written: it is now as declared.</summary>
    public void Wrote(string source, RevisionObject declared, ObjectStamp stamp, JsonObject stored)
    {
        if (IsOurs(declared.Identity))
        {
            register.Confirm(source, declared.Identity, new Confirmation(stored.Object("metadata").String("uid"), LiveFact.GenerationOf(stored), stamp.Commit));
        }
    }

    /// <summary>
    /// An object is about to be deleted, because no revision declares it any more. Its status says so first: gateways and agents know no other
    /// sign by which to tell that from a deletion by hand, which ends nothing.
    /// </summary>
    public async Task WithdrawAsync(string source, ApiResource resource, ApplyAction.Prune prune, CancellationToken cancellationToken)
    {
        register.Withdraw(source, prune.Entry.Identity);
        if (!IsOurs(prune.Entry.Identity))
        {
            return;
        }

        var metadata = prune.Uid is { } uid ? new JsonObject { ["uid"] = uid } : [];
        var withdrawn = WithdrawnDeclaration.Status($"the GitSource {source} does not declare it any more; it is being deleted", time.GetUtcNow());
        try
        {
            await client.MergePatchAsync(
                resource,
                prune.Entry.Identity.Key,
                new JsonObject { ["metadata"] = metadata, ["status"] = withdrawn },
                new WriteOptions(WellKnown.Managers.GitSources),
                cancellationToken,
                "status");
        }
        catch (KubernetesApiException e) when (e.IsNotFound || e.IsConflict)
        {
            // It is gone, or another one of that name: the deletion finds the same.
        }
    }

    private Dictionary<ObjectIdentity, Confirmation?> Of(ApplyObservation seen, SourceRevision revision)
    {
        var objects = new Dictionary<ObjectIdentity, Confirmation?>();
        foreach (var declared in revision.Objects.Where(o => IsOurs(o.Identity)))
        {
            objects[declared.Identity] = seen.Live.TryGetValue(declared.Identity, out var present)
                && present is { IsBeingDeleted: false, Differences.Count: 0 }
                && present.Source == seen.Source
                && present.ContentDigest == declared.Manifest.Digest
                && live.Find(declared.Identity) is { } fact && fact.Uid == present.Uid
                    ? new Confirmation(fact.Uid, fact.CheckedGeneration, fact.Stamp?.Commit)
                    : null;
        }

        return objects;
    }

    /// <summary>What is being deleted leaves already.</summary>
    private static HashSet<ObjectIdentity> Leaving(ApplyObservation seen) =>
        seen.Inventory.Select(e => e.Identity).Where(i => IsOurs(i) && seen.Live.TryGetValue(i, out var present) && !present.IsBeingDeleted).ToHashSet();

    private static bool IsOurs(ObjectIdentity identity) => identity.Group == WellKnown.Group;
}

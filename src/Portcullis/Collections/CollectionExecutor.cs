using System.Text.Json.Nodes;
using Portcullis.Actions;
using Portcullis.Core;
using Portcullis.Core.Collections;
using Portcullis.Drift;
using Portcullis.Kubernetes.Client;
using Portcullis.Objects.Json;

namespace Portcullis.Collections;

/// <summary>Makes, labels and releases namespaces and nodes, and writes guardrails.</summary>
internal sealed class CollectionExecutor(IKubernetesClient client, DriftLedger ledger) : IActionExecutor<CollectionAction>
{
    /// <summary>How often a write that others come before is tried.</summary>
    private const int Attempts = 5;

    private static readonly WriteOptions Writer = new(WellKnown.Managers.Collections);

    public Task<Attribution?> AttributeAsync(CollectionAction action, CancellationToken cancellationToken)
    {
        var (resource, key) = action.Target;
        return action switch
        {
            CollectionAction.LabelNamespace label => ledger.AttributeAsync(resource, key, label.Body, exists: true, cancellationToken, label.StaleLabels),
            CollectionAction.ApplyGuardrail apply => ledger.AttributeAsync(resource, key, apply.Object.Body, apply.Exists, cancellationToken),
            CollectionAction.ClaimNode claim => ledger.AttributeAsync(resource, key, claim.Wanted(), exists: true, cancellationToken, Removed(claim), node => HasTaints(node, claim.Pool)),
            _ => Task.FromResult<Attribution?>(null),
        };
    }

    public async Task ExecuteAsync(CollectionAction action, CancellationToken cancellationToken)
    {
        var (resource, key) = action.Target;
        switch (action)
        {
            case CollectionAction.CreateNamespace create:
                await client.ApplyAsync(resource, create.Body, Writer, cancellationToken);
                ledger.InPlace(resource, key, create.Body);
                break;
            case CollectionAction.LabelNamespace label:
                await LabelAsync(label, cancellationToken);
                break;
            case CollectionAction.ApplyGuardrail apply:
                await client.ApplyAsync(resource, apply.Object.Body, Writer, cancellationToken);
                ledger.InPlace(resource, key, apply.Object.Body);
                break;
            case CollectionAction.ClaimNode claim:
                await PatchAsync(resource, key, (JsonObject)claim.Labels.DeepClone(), claim.Annotations(), null, cancellationToken);
                await TaintAsync(key, claim.Pool, null, cancellationToken);
                ledger.InPlace(resource, key, claim.Wanted());
                break;
            case CollectionAction.DeleteGuardrail:
                await client.DeleteAsync(resource, key, new DeleteOptions(), cancellationToken);
                ledger.Forget(resource, key);
                break;
            case CollectionAction.ReleaseNamespace release:
                await ReleaseAsync(resource, key, release.Mark, cancellationToken);
                break;
            case CollectionAction.ReleaseNode release:
                await TaintAsync(key, null, release.Mark, cancellationToken);
                await TakeMarksOffAsync(resource, key, release.Mark, cancellationToken);
                break;
        }
    }

    /// <summary>
    /// Takes off what is there by the server's own word: what was put there a moment ago the stores may not show yet, and nobody comes back to
    /// a namespace that is no collection's.
    /// </summary>
    private async Task ReleaseAsync(ApiResource resource, ObjectKey key, CollectionMark mark, CancellationToken cancellationToken)
    {
        foreach (var kind in GuardrailObjects.Kinds)
        {
            var guardrail = new ObjectKey(key.Name, GuardrailObjects.Name);
            var labels = (await client.GetAsync(kind, guardrail, cancellationToken)).Object("metadata").Object("labels");
            if (labels.String(WellKnown.Labels.ManagedBy) == WellKnown.Labels.ManagedByValue && (labels.String(WellKnown.Labels.Collection) ?? mark.Name) == mark.Name)
            {
                await client.DeleteAsync(kind, guardrail, new DeleteOptions(), cancellationToken);
                ledger.Forget(kind, guardrail);
            }
        }

        await TakeMarksOffAsync(resource, key, mark, cancellationToken);
    }

    /// <summary>
    /// Another collection may be taking it in at this moment. If ours came off only then, the label would go that says whose it is, and nobody
    /// would ever take off the others.
    /// </summary>
    private async Task TakeMarksOffAsync(ApiResource resource, ObjectKey key, CollectionMark mark, CancellationToken cancellationToken)
    {
        for (var attempt = 1; await client.GetAsync(resource, key, cancellationToken) is { } live && mark.IsOn(live); attempt++)
        {
            try
            {
                await PatchAsync(
                    resource,
                    key,
                    Nulls(CollectionPlanner.OwnLabels(live)),
                    Nulls([WellKnown.Annotations.AccessLabel]),
                    live.Object("metadata").String("resourceVersion"),
                    cancellationToken);
                ledger.Forget(resource, key);
                return;
            }
            catch (KubernetesApiException e) when (e.IsConflict && attempt < Attempts)
            {
                // Somebody wrote to it meanwhile: look again whose it is.
            }
        }
    }

    private async Task LabelAsync(CollectionAction.LabelNamespace label, CancellationToken cancellationToken)
    {
        var (resource, key) = label.Target;

        // Server-side apply would make a namespace that has just gone: an adopted one must not come back empty.
        if (await client.GetAsync(resource, key, cancellationToken) is not { } live || live.Object("metadata").String("deletionTimestamp") is not null)
        {
            return;
        }

        var applied = await client.ApplyAsync(resource, label.Body, Writer, cancellationToken);
        var left = label.StaleLabels.Where(l => applied.Object("metadata").Object("labels")?.ContainsKey(l) == true).ToList();
        if (left.Count > 0)
        {
            await PatchAsync(resource, key, Nulls(left), null, null, cancellationToken);
        }

        ledger.InPlace(resource, key, label.Body);
    }

    private async Task PatchAsync(
        ApiResource resource, ObjectKey key, JsonObject labels, JsonObject? annotations, string? upon, CancellationToken cancellationToken)
    {
        var metadata = new JsonObject { ["labels"] = labels };
        if (annotations is not null)
        {
            metadata["annotations"] = annotations;
        }

        if (upon is not null)
        {
            metadata["resourceVersion"] = upon;
        }

        await IgnoreGoneAsync(() => client.MergePatchAsync(resource, key, new JsonObject { ["metadata"] = metadata }, Writer, cancellationToken));
    }

    /// <summary>Taints are one list without keys for merging: read, change, and write only if nobody wrote between.</summary>
    private async Task TaintAsync(ObjectKey key, string? pool, CollectionMark? mark, CancellationToken cancellationToken)
    {
        if (await client.GetAsync(ClusterKinds.Node, key, cancellationToken) is not { } node || mark?.IsOn(node) == false || HasTaints(node, pool))
        {
            return;
        }

        var taints = CollectionPlanner.Taints(node, pool);

        var patch = new JsonObject
        {
            ["metadata"] = new JsonObject { ["resourceVersion"] = node.Object("metadata").String("resourceVersion") },
            ["spec"] = new JsonObject { ["taints"] = taints },
        };
        await IgnoreGoneAsync(() => client.MergePatchAsync(ClusterKinds.Node, key, patch, Writer, cancellationToken));
    }

    private static bool HasTaints(JsonObject node, string? pool) =>
        JsonNode.DeepEquals(CollectionPlanner.Taints(node, pool), node.Object("spec").Array("taints") ?? []);

    private static async Task IgnoreGoneAsync(Func<Task<JsonObject>> write)
    {
        try
        {
            await write();
        }
        catch (KubernetesApiException e) when (e.IsNotFound)
        {
            // Gone meanwhile: nothing to label or release.
        }
    }

    private static List<string> Removed(CollectionAction.ClaimNode claim) => [.. claim.Labels.Where(l => l.Value is null).Select(l => l.Key)];

    private static JsonObject Nulls(IEnumerable<string> names)
    {
        var result = new JsonObject();
        foreach (var name in names)
        {
            result[name] = null;
        }

        return result;
    }
}

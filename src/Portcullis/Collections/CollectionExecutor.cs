using System.Text.Json.Nodes;
using Portcullis.Actions;
using Portcullis.Core;
using Portcullis.Core.Collections;
using Portcullis.Core.Kept;
using Portcullis.Drift;
using Portcullis.Kept;
using Portcullis.Kubernetes.Client;
using Portcullis.Objects.Json;

namespace Portcullis.Collections;

/// <summary>Makes, labels and releases namespaces and nodes, and writes guardrails.</summary>
internal sealed class CollectionExecutor(KubernetesClient client, KeptObjectWriter writer, GuardrailStores guardrails, DriftLedger ledger) : IActionExecutor<CollectionAction>
{
    /// <summary>How often a write that others come before is tried.</summary>
    private const int Attempts = 5;

    private static readonly WriteOptions Writer = new(WellKnown.Managers.Collections);

    public Task<Attribution?> AttributeAsync(CollectionAction action, CancellationToken cancellationToken)
    {
        var (resource, key) = action.Target;
        return action switch
        {
            CollectionAction.CreateNamespace create => ledger.AttributeAsync(resource, key, create.Body, exists: false, cancellationToken),
            CollectionAction.LabelNamespace label => ledger.AttributeAsync(resource, key, label.Body, exists: true, cancellationToken, label.StaleLabels),
            CollectionAction.ApplyGuardrail apply => ledger.AttributeAsync(resource, key, apply.Object.Body, apply.Exists, cancellationToken, also: live => KeptState.Holds(apply.Object.Body, live)),
            CollectionAction.ClaimNode claim => ledger.AttributeAsync(resource, key, claim.Wanted(), exists: true, cancellationToken, Removed(claim), node => HasTaints(node, claim.Pool)),
            CollectionAction.RemoveStrayLabels => LastChangeAsync(resource, key, cancellationToken),
            _ => Task.FromResult<Attribution?>(null),
        };
    }

    private async Task<Attribution?> LastChangeAsync(ApiResource resource, ObjectKey key, CancellationToken cancellationToken) =>
        await ledger.LastChangeAsync(resource, key, cancellationToken);

    public async Task ExecuteAsync(CollectionAction action, CancellationToken cancellationToken)
    {
        var (resource, key) = action.Target;
        switch (action)
        {
            case CollectionAction.CreateNamespace create:
                // What one before it held went with it: nobody took that out by hand.
                ledger.ForgetWithin(create.Name);
                await client.ApplyAsync(resource, create.Body, Writer, cancellationToken);
                ledger.InPlace(resource, key, create.Body);
                break;
            case CollectionAction.LabelNamespace label:
                await LabelAsync(label, cancellationToken);
                break;
            case CollectionAction.ApplyGuardrail apply:
                await ApplyGuardrailAsync(apply, cancellationToken);
                break;
            case CollectionAction.ClaimNode claim:
                await PatchAsync(resource, key, (JsonObject)claim.Labels.DeepClone(), claim.Annotations(), null, cancellationToken);
                await TaintAsync(key, claim.Pool, null, cancellationToken);
                ledger.InPlace(resource, key, claim.Wanted());
                break;
            case CollectionAction.DeleteGuardrail:
                await DeleteGuardrailAsync(resource, key, cancellationToken);
                break;
            case CollectionAction.RemoveStrayLabels stray:
                await PatchAsync(resource, key, Nulls(stray.Labels), null, null, cancellationToken);
                break;
            case CollectionAction.ReleaseNamespace release:
                await TakeMarksOffAsync(resource, key, release.Mark, cancellationToken);
                break;
            case CollectionAction.ReleaseNode release:
                await TaintAsync(key, null, release.Mark, cancellationToken);
                await TakeMarksOffAsync(resource, key, release.Mark, cancellationToken);
                break;
        }
    }

    private async Task ApplyGuardrailAsync(CollectionAction.ApplyGuardrail apply, CancellationToken cancellationToken)
    {
        var (resource, key, body) = (apply.Object.Resource, apply.Object.Key, apply.Object.Body);
        using var write = guardrails.Of(resource).Begin(key);
        var applied = apply.Exists
            ? await writer.ChangeAsync(resource, key, body, Writer.FieldManager, cancellationToken)
            : await writer.MakeAsync(resource, key, body, Writer.FieldManager, apply.Adopts, cancellationToken);
        write.Answered(applied.Object("metadata").String("resourceVersion"), applied);
        ledger.InPlace(resource, key, body);
    }

    private async Task DeleteGuardrailAsync(ApiResource resource, ObjectKey key, CancellationToken cancellationToken)
    {
        using var write = guardrails.Of(resource).Begin(key);
        await client.DeleteAsync(resource, key, new DeleteOptions(), cancellationToken);
        write.Deleted();
        ledger.Forget(resource, key);
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

        if (await ApplyToAsync(label.Uid, resource, key, label.Body, cancellationToken) is not { } applied)
        {
            return;
        }

        var left = label.StaleLabels.Where(l => applied.Object("metadata").Object("labels")?.ContainsKey(l) == true).ToList();
        if (left.Count > 0)
        {
            await PatchAsync(resource, key, Nulls(left), null, null, cancellationToken);
        }

        ledger.InPlace(resource, key, label.Body);
    }

    /// <summary>
    /// Applies to an object that exists, and to no other: server-side apply alone would make one that has just gone. Null when it is gone.
    /// </summary>
    private async Task<JsonObject?> ApplyToAsync(string uid, ApiResource resource, ObjectKey key, JsonObject body, CancellationToken cancellationToken)
    {
        var bound = (JsonObject)body.DeepClone();
        bound["metadata"]!["uid"] = uid;
        try
        {
            return await client.ApplyAsync(resource, bound, Writer, cancellationToken);
        }
        catch (KubernetesApiException e) when (e.IsConflict || e.IsInvalid)
        {
            // The server refuses another uid in these words. Anything else that it may refuse stays a failure.
            if ((await client.GetAsync(resource, key, cancellationToken)).Object("metadata").String("uid") == uid)
            {
                throw;
            }

            return null;
        }
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

using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Portcullis.Core;
using Portcullis.Core.Collections;
using Portcullis.Drift;
using Portcullis.Kubernetes.Client;
using Portcullis.Kubernetes.Controllers;
using Portcullis.Objects.Json;

namespace Portcullis.Collections;

/// <summary>Does what a collection's plan says, in its order: namespaces, then what is in them, then nodes, and removals last.</summary>
internal sealed partial class CollectionActor(IKubernetesClient client, DriftLedger ledger, ParallelRequests requests, ILogger<CollectionActor> logger)
{
    private static readonly WriteOptions Writer = new(WellKnown.Managers.Collections);

    /// <summary>Returns an Event for each thing that somebody else had changed.</summary>
    public async Task<IReadOnlyList<ReportedEvent>> ActAsync(CollectionPlan plan, CancellationToken cancellationToken)
    {
        foreach (var kept in plan.InPlace)
        {
            ledger.InPlace(kept.Resource, kept.Key, kept.Body);
        }

        var events = new ConcurrentBag<ReportedEvent>();
        foreach (var stage in plan.Actions.GroupBy(Stage).OrderBy(g => g.Key))
        {
            await requests.ForEachAsync(
                stage,
                async (action, token) =>
                {
                    if (await AttributeAsync(action, token) is { } by)
                    {
                        var done = action is CollectionAction.ApplyGuardrail { Exists: false } ? "deleted" : "changed";
                        events.Add(new ReportedEvent(
                            Warning: true, CollectionReasons.DriftReverted, $"{action.Target.Resource.Kind} {action.Target.Key} was {done} {by}; put back as declared"));
                    }

                    await ActAsync(action, token);
                    Log.Done(logger, action.Describe());
                },
                cancellationToken);
        }

        return [.. events.OrderBy(e => e.Message, StringComparer.Ordinal)];
    }

    private static int Stage(CollectionAction action) => action switch
    {
        CollectionAction.CreateNamespace or CollectionAction.LabelNamespace => 0,
        CollectionAction.ApplyGuardrail => 1,
        CollectionAction.ClaimNode => 2,
        CollectionAction.DeleteGuardrail => 3,
        _ => 4,
    };

    private Task<string?> AttributeAsync(CollectionAction action, CancellationToken cancellationToken)
    {
        var (resource, key) = action.Target;
        return action switch
        {
            CollectionAction.LabelNamespace label => ledger.AttributeAsync(resource, key, label.Body, exists: true, cancellationToken, label.StaleLabels),
            CollectionAction.ApplyGuardrail apply => ledger.AttributeAsync(resource, key, apply.Object.Body, apply.Exists, cancellationToken),
            CollectionAction.ClaimNode claim => ledger.AttributeAsync(resource, key, claim.Wanted(), exists: true, cancellationToken, Removed(claim), node => HasTaints(node, claim.Pool)),
            _ => Task.FromResult<string?>(null),
        };
    }

    private async Task ActAsync(CollectionAction action, CancellationToken cancellationToken)
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
                await PatchLabelsAsync(resource, key, (JsonObject)claim.Labels.DeepClone(), null, cancellationToken);
                await TaintAsync(key, claim.Pool, cancellationToken);
                ledger.InPlace(resource, key, claim.Wanted());
                break;
            case CollectionAction.DeleteGuardrail:
                await client.DeleteAsync(resource, key, new DeleteOptions(), cancellationToken);
                ledger.Forget(resource, key);
                break;
            case CollectionAction.ReleaseNamespace:
                await ReleaseAsync(resource, key, cancellationToken);
                break;
            case CollectionAction.ReleaseNode:
                await TaintAsync(key, null, cancellationToken);
                await TakeLabelsOffAsync(resource, key, null, cancellationToken);
                break;
        }
    }

    /// <summary>
    /// Takes off what is there by the server's own word: what was put there a moment ago the stores may not show yet, and nobody comes back to
    /// a namespace that is no collection's.
    /// </summary>
    private async Task ReleaseAsync(ApiResource resource, ObjectKey key, CancellationToken cancellationToken)
    {
        foreach (var kind in GuardrailObjects.Kinds)
        {
            var guardrail = new ObjectKey(key.Name, GuardrailObjects.Name);
            if ((await client.GetAsync(kind, guardrail, cancellationToken)).Object("metadata").Object("labels").String(WellKnown.Labels.ManagedBy) == WellKnown.Labels.ManagedByValue)
            {
                await client.DeleteAsync(kind, guardrail, new DeleteOptions(), cancellationToken);
                ledger.Forget(kind, guardrail);
            }
        }

        await TakeLabelsOffAsync(resource, key, Nulls([WellKnown.Annotations.AccessLabel]), cancellationToken);
    }

    private async Task TakeLabelsOffAsync(ApiResource resource, ObjectKey key, JsonObject? annotations, CancellationToken cancellationToken)
    {
        if (await client.GetAsync(resource, key, cancellationToken) is { } live)
        {
            await PatchLabelsAsync(resource, key, Nulls(CollectionPlanner.OwnLabels(live)), annotations, cancellationToken);
        }

        ledger.Forget(resource, key);
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
            await PatchLabelsAsync(resource, key, Nulls(left), null, cancellationToken);
        }

        ledger.InPlace(resource, key, label.Body);
    }

    private async Task PatchLabelsAsync(
        ApiResource resource, ObjectKey key, JsonObject labels, JsonObject? annotations, CancellationToken cancellationToken)
    {
        var metadata = new JsonObject { ["labels"] = labels };
        if (annotations is not null)
        {
            metadata["annotations"] = annotations;
        }

        await IgnoreGoneAsync(() => client.MergePatchAsync(resource, key, new JsonObject { ["metadata"] = metadata }, Writer, cancellationToken));
    }

    /// <summary>Taints are one list without keys for merging: read, change, and write only if nobody wrote between.</summary>
    private async Task TaintAsync(ObjectKey key, string? pool, CancellationToken cancellationToken)
    {
        if (await client.GetAsync(ClusterKinds.Node, key, cancellationToken) is not { } node)
        {
            return;
        }

        if (HasTaints(node, pool))
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

    private static partial class Log
    {
        [LoggerMessage(2201, LogLevel.Information, "{Action}")]
        public static partial void Done(ILogger logger, string action);
    }
}

using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Portcullis.Actions;
using Portcullis.Core;
using Portcullis.Core.Drift;
using Portcullis.Core.Kinds;
using Portcullis.Core.Revisions;
using Portcullis.Core.Sources;
using Portcullis.Drift;
using Portcullis.Kubernetes.Client;
using Portcullis.Kubernetes.Controllers;
using Portcullis.Objects.Json;
using Portcullis.Sources.Fetch;

namespace Portcullis.Sources.Apply;

/// <summary>Carries out the actions of one run of one source: inventory, writes and prunes.</summary>
internal sealed class ApplyExecutor(ApplyServices services, GitSource source, SourceState state, Task<IReadOnlyDictionary<ObjectIdentity, ObjectStamp>> stamps)
    : IActionExecutor<ApplyAction>
{
    private readonly ConcurrentDictionary<string, Task> _asked = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<ObjectIdentity, JsonObject?> _reverted = [];
    private readonly ConcurrentDictionary<ObjectIdentity, Attribution> _authors = [];
    private readonly ConcurrentBag<ReportedEvent> _events = [];

    /// <summary>Events for the source about what was brought back to what Git says.</summary>
    public IReadOnlyList<ReportedEvent> Reverts => [.. _events.OrderBy(e => e.Message, StringComparer.Ordinal)];

    /// <summary>Reverting removes the other's field manager, so who it was is read before.</summary>
    public async Task<Attribution?> AttributeAsync(ApplyAction action, CancellationToken cancellationToken)
    {
        if (action is not ApplyAction.Revert revert)
        {
            return null;
        }

        var declared = Declared(revert);
        var observed = await services.Client.GetAsync(declared.Resource, declared.Manifest.Key, cancellationToken);
        var by = DriftAttribution.Of(observed, services.Edits.LastEdit(declared.Resource, declared.Manifest.Key), declared.Manifest.ToObject());
        _reverted[declared.Identity] = observed;
        _authors[declared.Identity] = by;
        return by;
    }

    public Task ExecuteAsync(ApplyAction action, CancellationToken cancellationToken) => action switch
    {
        ApplyAction.Record record => services.Inventories.RecordAsync(source.Key.Name, state.Inventory, record.Entries, cancellationToken),
        ApplyAction.Forget forget => services.Inventories.ForgetAsync(source.Key.Name, state.Inventory, forget.Entries, cancellationToken),
        ApplyAction.Prune prune => PruneAsync(prune, cancellationToken),
        ApplyAction.Write write => WriteAsync(write, cancellationToken),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <summary>Of our kinds every field counts, whatever the drift mode.</summary>
    private bool KeepsItems(RevisionObject declared) => source.Spec.Drift?.Mode == DriftMode.Warn && declared.Identity.Group != WellKnown.Group;

    private RevisionObject Declared(ApplyAction.Write write) => state.InForce!.ByIdentity[write.Object.Identity];

    private async Task WriteAsync(ApplyAction.Write write, CancellationToken cancellationToken)
    {
        var declared = Declared(write);
        await RequireListedAsync(declared.Resource, cancellationToken);
        var stamp = (await stamps)[declared.Identity];
        var body = ObjectBody.For(declared, source.Key.Name, stamp, services.Finalizers.Of(declared.Resource));
        using var written = services.Live.BeginWrite(declared.Identity);
        var stored = await services.Writer.StoreAsync(declared, body, KeepsItems(declared), cancellationToken);
        written.Answered(stored.Object("metadata").String("resourceVersion"), write.Object.ContentDigest);
        state.Writes.Wrote(write, stamp, body, stored);
        services.Confirmations.Wrote(source.Key.Name, declared, stamp, stored);
        if (write is ApplyAction.Revert revert && services.Drift.Report(source, declared, revert, _reverted[declared.Identity], _authors[declared.Identity], stored) is { } reported)
        {
            _events.Add(reported);
        }
    }

    /// <summary>
    /// What cannot be listed would be written again at every reconcile. A kind that the server did not have is asked for once more in each
    /// run, since its definition may have been written a moment ago.
    /// </summary>
    private async Task RequireListedAsync(ApiResource resource, CancellationToken cancellationToken)
    {
        if (services.Live.RefusalOf(resource) is { IsAbsent: true })
        {
            await _asked.GetOrAdd(resource.QualifiedPlural, _ => services.Live.FollowAsync([resource], cancellationToken));
        }

        if (services.Live.RefusalOf(resource) is { } refusal)
        {
            throw new ActionFailedException(SourceReasons.KindNotListed, refusal.Message);
        }
    }

    /// <summary>Deletes an object that left Git, if it is still the one that was planned for.</summary>
    private async Task PruneAsync(ApplyAction.Prune prune, CancellationToken cancellationToken)
    {
        if (await services.Gatherer.ResourceOfAsync(prune.Entry, cancellationToken) is { } resource)
        {
            await services.Confirmations.WithdrawAsync(source.Key.Name, resource, prune, cancellationToken);
            var options = new DeleteOptions { Uid = prune.Uid, PropagationPolicy = "Background" };
            state.Writes.Pruned(prune.Entry.Identity, await services.Client.DeleteAsync(resource, prune.Entry.Identity.Key, options, cancellationToken));
        }
    }
}

/// <summary>What writing the objects of any source needs.</summary>
internal sealed record ApplyServices(
    KubernetesClient Client,
    SourceInventories Inventories,
    SourceGatherer Gatherer,
    SourcePlans Plans,
    LiveObjects Live,
    DriftReporter Drift,
    IEditLog Edits,
    Finalizers Finalizers,
    ObjectWriter Writer,
    SourceConfirmations Confirmations);

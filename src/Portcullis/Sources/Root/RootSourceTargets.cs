using System.Text.Json.Nodes;
using Portcullis.Actions;
using Portcullis.Core;
using Portcullis.Core.Declarations;
using Portcullis.Core.Drift;
using Portcullis.Core.Kinds;
using Portcullis.Core.Revisions;
using Portcullis.Core.Sources;
using Portcullis.Declarations;
using Portcullis.Drift;
using Portcullis.Kubernetes.Client;
using Portcullis.Kubernetes.Controllers;
using Portcullis.Kubernetes.Events;
using Portcullis.Kubernetes.Stores;
using Portcullis.Objects.Json;
using Portcullis.Sources.Apply;

namespace Portcullis.Sources.Root;

/// <summary>
/// Keeps the root source as the operator's start parameters declare it: made again when it was deleted, brought back when it was edited, and
/// confirmed like any declared object.
/// </summary>
internal sealed class RootSourceTargets(
    GitSourcesOptions options, IPresentStore<GitSource> sources, DeclarationRegister register, RootSourceExecutor executor, EventRecorder events, TimeProvider time)
    : ITargetReconciler
{
    private static readonly TimeSpan ReadAgain = TimeSpan.FromSeconds(2);

    public string Name => "root source";

    public int Workers => 1;

    public IEnumerable<ObjectKey> Targets() => options.Root is { } root ? [root.Key] : [];

    public IEnumerable<IDisposable> Subscribe(ITargetQueue queue) =>
    [
        sources.Subscribe(change =>
        {
            if (change.Key == options.Root?.Key && SpecChange.Matters(change.Before?.Metadata, change.After?.Metadata))
            {
                queue.Disturbed(change.Key);
            }
        }),
    ];

    public async Task<TargetResult> ReconcileAsync(ObjectKey target, long since, CancellationToken cancellationToken)
    {
        var declaration = options.Root!;
        declaration.Read();
        var again = declaration.File is null ? null : time.GetUtcNow() + ReadAgain as DateTimeOffset?;
        if (declaration.Problem is { } problem)
        {
            throw new ActionFailedException(SourceReasons.InvalidRevision, problem);
        }

        if (declaration.Current is not { } root || executor.IsConfirmed(root, sources.Get(target)?.Metadata))
        {
            return new TargetResult([], again);
        }

        register.Locate(DeclarationRegister.StartParameters, _ => $"{root.Position.File} of the operator (--root-file or --root-url)");
        register.Declare(DeclarationRegister.StartParameters, new Dictionary<ObjectIdentity, Confirmation?> { [root.Identity] = null });
        var live = await executor.ReadAsync(root, cancellationToken);
        return new TargetResult(
            live.Object("metadata")?["deletionTimestamp"] is not null ? [] : await executor.RunAsync(Plan(root, live), cancellationToken), again);
    }

    public void Report(ObjectKey target, IReadOnlyList<ActionResult> results, bool hasFailed) => RootSourceExecutor.Report(events, sources.Get(target)?.Metadata, results);

    /// <summary>Nothing when it is as declared; that is confirmed then.</summary>
    private RootSourceAction[] Plan(RevisionObject root, JsonObject? live)
    {
        var differences = live is null ? [] : LiveComparison.Of(root.Manifest.ToObject(), live, GitSource.KindDefinition);
        if (live is not null && differences.Count == 0)
        {
            executor.Confirm(root, live);
            return [];
        }

        return [new RootSourceAction(root, differences, live is not null, executor.WasInPlace(root))];
    }
}

/// <summary>Reads and writes the root source.</summary>
internal sealed class RootSourceExecutor(
    KubernetesClient client, ObjectWriter writer, Finalizers finalizers, DriftLedger ledger, DeclarationRegister register, ActionRunner runner)
    : IActionExecutor<RootSourceAction>
{
    private (string Digest, Confirmation Confirmation)? _confirmed;

    /// <summary>Whether this process saw it as declared before, so that what differs now was changed by somebody else.</summary>
    public bool WasInPlace(RevisionObject root) => _confirmed?.Digest == root.Manifest.Digest;

    /// <summary>Whether the object that the store shows is the one that was confirmed.</summary>
    public bool IsConfirmed(RevisionObject root, ObjectMeta? present) =>
        WasInPlace(root) && present is { IsBeingDeleted: false } && _confirmed!.Value.Confirmation == new Confirmation(present.Uid, present.Generation ?? 0, null);

    public Task<JsonObject?> ReadAsync(RevisionObject root, CancellationToken cancellationToken) =>
        client.GetAsync(root.Resource, root.Manifest.Key, cancellationToken);

    public Task<IReadOnlyList<ActionResult>> RunAsync(RootSourceAction[] actions, CancellationToken cancellationToken) =>
        runner.RunAsync("sources", actions, this, cancellationToken);

    public void Confirm(RevisionObject root, JsonObject live)
    {
        var confirmation = new Confirmation(live.Object("metadata").String("uid"), LiveFact.GenerationOf(live), null);
        _confirmed = (root.Manifest.Digest, confirmation);
        register.Confirm(DeclarationRegister.StartParameters, root.Identity, confirmation);
    }

    public async Task<Attribution?> AttributeAsync(RootSourceAction action, CancellationToken cancellationToken) =>
        action.IsRevert ? await ledger.LastChangeAsync(action.Declared.Resource, action.Declared.Manifest.Key, cancellationToken) : null;

    public async Task ExecuteAsync(RootSourceAction action, CancellationToken cancellationToken)
    {
        var body = action.Declared.Manifest.ToObject();
        var metadata = body.Object("metadata")!;
        metadata["labels"] = new JsonObject { [WellKnown.Labels.ManagedBy] = WellKnown.Labels.ManagedByValue };
        if (finalizers.Of(action.Declared.Resource) is { } finalizer)
        {
            metadata["finalizers"] = new JsonArray(finalizer);
        }

        Confirm(action.Declared, await writer.StoreAsync(action.Declared, body, keepsItems: false, cancellationToken));
    }

    /// <summary>An Event for each change that was undone.</summary>
    public static void Report(EventRecorder events, ObjectMeta? present, IReadOnlyList<ActionResult> results)
    {
        foreach (var done in results.OfType<ActionResult.Done>().Where(d => d.Reverted is not null && present is not null))
        {
            events.Record(
                GitSource.Definition, present!, DriftEvents.PutBack(SourceReasons.DriftReverted, done.Action.Id, !((RootSourceAction)done.Action).Exists, done.Reverted!));
        }
    }
}

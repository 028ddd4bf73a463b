using System.Collections.Concurrent;
using Portcullis.Access;
using Portcullis.Actions;
using Portcullis.Core;
using Portcullis.Core.Collections;
using Portcullis.Kubernetes.Controllers;
using Portcullis.Objects.Json;

namespace Portcullis.Collections;

/// <summary>
/// The side of the namespaces and nodes that are in no collection and carry something of one all the same. The collection is asked to let go: its
/// own change did not ask it, when what it gave up was another's then that gave it up without ever taking it in. Where the collection is gone, its
/// marks and guardrails are taken off. Labels of the tree without anybody's name go at once.
/// </summary>
internal sealed class StrayLabelTargets(StrayMarks marks, AccessStores stores, ActionRunner runner, CollectionExecutor executor, CollectionReporter reporter)
    : ITargetReconciler
{
    private const string NodePrefix = "node/";

    public string Name => "stray labels";

    public int Workers => 1;

    public IEnumerable<ObjectKey> Targets() =>
        stores.Namespaces.List().Select(n => n.Metadata).Where(StrayMarks.IsMarked).Select(m => m.Key)
            .Concat(stores.Nodes.List().Select(n => n.Metadata).Where(StrayMarks.IsMarked).Select(m => TargetOfNode(m.Key.Name)))
            .Concat(marks.NamespacesWithGuardrails().Select(ObjectKey.Cluster))
            .Distinct();

    public IEnumerable<IDisposable> Subscribe(ITargetQueue queue) =>
    [
        stores.Namespaces.Subscribe(change =>
        {
            if (change.After is { } after && StrayMarks.IsMarked(after.Metadata))
            {
                queue.Disturbed(change.Key);
            }

            if (change is { After: null, Before: { } gone })
            {
                reporter.ReportDeleted(gone);
            }
        }),
        stores.Collections.Subscribe(change =>
        {
            if (SpecChange.Matters(change.Before?.Metadata, change.After?.Metadata))
            {
                queue.InputsChanged();
            }
        }),
        .. stores.WhenUnsettledChange(queue.InputsChanged),
        .. marks.SubscribeGuardrails(@namespace => queue.Disturbed(ObjectKey.Cluster(@namespace))),
    ];

    public async Task<TargetResult> ReconcileAsync(ObjectKey target, long since, CancellationToken cancellationToken)
    {
        if (target.Name.StartsWith(NodePrefix, StringComparison.Ordinal))
        {
            Ask(marks.OnNode(target.Name[NodePrefix.Length..], since));
            return new TargetResult([]);
        }

        var stray = marks.OnNamespace(target.Name, since);
        Ask(stray);
        return new TargetResult(await runner.RunAsync("collections", stray.Actions, executor, cancellationToken), stray.LookAgainAt);
    }

    public void Report(ObjectKey target, IReadOnlyList<ActionResult> results, bool hasFailed)
    {
        foreach (var done in results.OfType<ActionResult.Done>().Where(d => d.Action is CollectionAction.RemoveStrayLabels))
        {
            reporter.ReportStrayLabels(target, done);
        }
    }

    private void Ask(Stray stray)
    {
        foreach (var owner in stray.Owners)
        {
            reporter.Ask(owner);
        }
    }

    private static ObjectKey TargetOfNode(string name) => ObjectKey.Cluster(NodePrefix + name);
}

/// <summary>What is to be done about something that carries marks and is in no collection.</summary>
/// <param name="Owners">Collections that are to let go.</param>
/// <param name="Actions">What is done in the place of collections that are gone.</param>
/// <param name="LookAgainAt">A collection that is gone may come back until then; null when there is none.</param>
internal sealed record Stray(IReadOnlyList<string> Owners, IReadOnlyList<CollectionAction> Actions, DateTimeOffset? LookAgainAt = null)
{
    public static Stray Nothing { get; } = new([], []);
}

/// <summary>Finds the marks and guardrails of collections on what is in none.</summary>
internal sealed class StrayMarks(AccessStores stores, AccessState access, GuardrailStores guardrails, TimeProvider time)
{
    /// <summary>How long a collection may be away (its definition deleted and put back, say) before what it left is cleared.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<string, DateTimeOffset> _ownerless = new(StringComparer.Ordinal);

    public static bool IsMarked(ObjectMeta metadata) =>
        metadata.Annotation(WellKnown.Annotations.AccessLabel) is not null
        || metadata.Labels?.Keys.Any(k => k == WellKnown.Labels.Collection || CollectionPath.IsTreeLabel(k)) == true;

    public IEnumerable<string> NamespacesWithGuardrails() => guardrails.Namespaces();

    public IEnumerable<IDisposable> SubscribeGuardrails(Action<string> react) => guardrails.Subscribe(react);

    public Stray OnNode(string name, long since) =>
        access.AsOf(since) is { IsTreeSettled: true } model
        && model.Tree.OfClusterNode(name) is null
        && stores.Nodes.Get(ObjectKey.Cluster(name))?.Metadata is { } metadata
        && Owner(metadata.Label(WellKnown.Labels.Collection), metadata.Annotation(WellKnown.Annotations.AccessLabel)) is { } owner
            ? new Stray([owner], [])
            : Stray.Nothing;

    public Stray OnNamespace(string name, long since)
    {
        var model = access.AsOf(since);
        var tree = model.Tree;
        if (!model.IsTreeSettled || tree.OfNamespace(name) is not null || stores.Namespaces.Get(ObjectKey.Cluster(name))?.Metadata is not { IsBeingDeleted: false } metadata)
        {
            _ownerless.TryRemove(name, out _);
            return Stray.Nothing;
        }

        var (label, path) = (metadata.Label(WellKnown.Labels.Collection), metadata.Annotation(WellKnown.Annotations.AccessLabel));
        var kept = guardrails.Observe("", [name]);
        var owners = kept.Values.Select(g => Owner(g.Object("metadata").Object("labels").String(WellKnown.Labels.Collection), null))
            .Append(Owner(label, path)).OfType<string>().Distinct(StringComparer.Ordinal).ToList();
        var loose = StrayLabelPlanner.Plan(name, metadata.Labels ?? new Dictionary<string, string>(), tree);
        if (owners.Count > 0 || (label is null && path is null && kept.Count == 0))
        {
            _ownerless.TryRemove(name, out _);
            return new Stray(owners, loose);
        }

        var now = time.GetUtcNow();
        var until = _ownerless.GetOrAdd(name, now + Patience);
        return now < until || stores.Collections.List().Count == 0
            ? new Stray([], loose, now < until ? until : null)
            : new Stray([], StrayLabelPlanner.PlanOwnerless(name, label, path, kept.Keys));
    }

    /// <summary>The collection that a mark names; null when it is gone, or none is named.</summary>
    private string? Owner(string? label, string? path) => label is not null
        ? stores.Collections.Get(ObjectKey.Cluster(label))?.Key.Name
        : path is not null && CollectionIndexes.AtPath(path, stores.Collections) is [var found, ..] ? found.Key.Name : null;
}

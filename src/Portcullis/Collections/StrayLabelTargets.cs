using Portcullis.Access;
using Portcullis.Actions;
using Portcullis.Cluster;
using Portcullis.Core;
using Portcullis.Core.Collections;
using Portcullis.Kubernetes.Controllers;
using Portcullis.Kubernetes.Events;
using Portcullis.Kubernetes.Stores;

namespace Portcullis.Collections;

/// <summary>
/// The side of the namespaces and nodes that carry marks of collections although they are in none. Labels of the tree that nobody's name goes with
/// are taken off; a collection whose name is on something that no collection has any more is asked to let it go. It was not asked by its own
/// change: what it gave up was another's then, and the other gave it up without ever taking it in.
/// </summary>
internal sealed class StrayLabelTargets(AccessStores stores, AccessState access, ActionRunner runner, CollectionExecutor executor, CollectionReporter reporter)
    : ITargetReconciler
{
    private const string NodePrefix = "node/";

    public string Name => "stray labels";

    public int Workers => 1;

    public IEnumerable<ObjectKey> Targets() =>
        stores.Namespaces.List().Select(n => n.Metadata).Where(IsMarked).Select(m => m.Key)
            .Concat(stores.Nodes.List().Select(n => n.Metadata).Where(IsMarked).Select(m => TargetOfNode(m.Key.Name)));

    public IEnumerable<IDisposable> Subscribe(ITargetQueue queue) =>
    [
        stores.Namespaces.Subscribe(change =>
        {
            if (change.After is { } after && IsMarked(after.Metadata))
            {
                queue.Disturbed(change.Key);
            }
        }),
        stores.Collections.Subscribe(change =>
        {
            if (change.Before?.Metadata.Generation != change.After?.Metadata.Generation || change.Before?.Metadata.IsBeingDeleted != change.After?.Metadata.IsBeingDeleted)
            {
                queue.InputsChanged();
            }
        }),
    ];

    public async Task<TargetResult> ReconcileAsync(ObjectKey target, long since, CancellationToken cancellationToken)
    {
        var tree = access.AsOf(since).Tree;
        if (target.Name.StartsWith(NodePrefix, StringComparison.Ordinal))
        {
            var node = target.Name[NodePrefix.Length..];
            Ask(stores.Nodes.Get(ObjectKey.Cluster(node))?.Metadata, tree.OfClusterNode(node));
            return new TargetResult([]);
        }

        if (stores.Namespaces.Get(target)?.Metadata is not { IsBeingDeleted: false, Labels: { } labels } metadata)
        {
            return new TargetResult([]);
        }

        Ask(metadata, tree.OfNamespace(target.Name));
        return new TargetResult(await runner.RunAsync("collections", StrayLabelPlanner.Plan(target.Name, labels, tree), executor, cancellationToken));
    }

    public void Report(ObjectKey target, IReadOnlyList<ActionResult> results, bool hasFailed)
    {
        foreach (var done in results.OfType<ActionResult.Done>())
        {
            reporter.ReportStrayLabels(target, done);
        }
    }

    private void Ask(ObjectMeta? metadata, CollectionNode? owner)
    {
        if (owner is null && metadata?.Label(WellKnown.Labels.Collection) is { } name)
        {
            reporter.Ask(name);
        }
    }

    private static ObjectKey TargetOfNode(string name) => ObjectKey.Cluster(NodePrefix + name);

    private static bool IsMarked(ObjectMeta metadata) =>
        metadata.Labels?.Keys.Any(k => k == WellKnown.Labels.Collection || CollectionPath.IsTreeLabel(k)) == true;
}

/// <summary>Passes on what concerns collections: Events on namespaces, and reconciles of collections.</summary>
internal sealed class CollectionReporter(IStore<NamespaceObject> namespaces, EventRecorder events, ReconcileTrigger<Collection> collections)
{
    public void Ask(string collection) => collections.Enqueue(ObjectKey.Cluster(collection));

    public void ReportStrayLabels(ObjectKey @namespace, ActionResult.Done done)
    {
        if (namespaces.Get(@namespace) is { } present)
        {
            events.Record(
                NamespaceObject.Definition,
                present.Metadata,
                new ReportedEvent(true, CollectionReasons.DriftReverted, $"labels of the collection tree were put on the namespace {done.Reverted}; removed, because it is in no collection"));
        }
    }
}

using Portcullis.Access;
using Portcullis.Actions;
using Portcullis.Cluster;
using Portcullis.Core.Collections;
using Portcullis.Kubernetes.Controllers;
using Portcullis.Kubernetes.Events;
using Portcullis.Kubernetes.Stores;

namespace Portcullis.Collections;

/// <summary>Namespaces that are in no collection and carry labels of the tree all the same.</summary>
internal sealed class StrayLabelTargets(
    IStore<NamespaceObject> namespaces, AccessState access, ActionRunner runner, CollectionExecutor executor, EventRecorder events) : ITargetReconciler
{
    public string Name => "stray labels";

    public int Workers => 1;

    public IEnumerable<ObjectKey> Targets() => namespaces.List().Where(HasTreeLabels).Select(n => n.Metadata.Key);

    public IEnumerable<IDisposable> Subscribe(ITargetQueue queue) =>
    [
        namespaces.Subscribe(change =>
        {
            if (change.After is { } after && HasTreeLabels(after))
            {
                queue.Disturbed(change.Key);
            }
        }),
    ];

    public async Task<TargetResult> ReconcileAsync(ObjectKey target, long since, CancellationToken cancellationToken) =>
        namespaces.Get(target)?.Metadata is { IsBeingDeleted: false, Labels: { } labels }
            ? new TargetResult(await runner.RunAsync("collections", StrayLabelPlanner.Plan(target.Name, labels, access.AsOf(since).Tree), executor, cancellationToken))
            : new TargetResult([]);

    public void Report(ObjectKey target, IReadOnlyList<ActionResult> results, bool hasFailed)
    {
        foreach (var done in results.OfType<ActionResult.Done>())
        {
            if (namespaces.Get(target) is { } present)
            {
                events.Record(
                    NamespaceObject.Definition,
                    present.Metadata,
                    new ReportedEvent(true, CollectionReasons.DriftReverted, $"labels of the collection tree were put on the namespace {done.Reverted}; removed, because it is in no collection"));
            }
        }
    }

    private static bool HasTreeLabels(NamespaceObject one) => one.Metadata.Labels?.Keys.Any(CollectionPath.IsTreeLabel) == true;
}

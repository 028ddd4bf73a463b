using Microsoft.Extensions.Logging;
using Portcullis.Collections;
using Portcullis.Core.Access;
using Portcullis.Core.Collections;
using Portcullis.Core.Grants;
using Portcullis.Kubernetes.Controllers;
using Portcullis.Kubernetes.Events;
using Portcullis.Kubernetes.Queues;
using Portcullis.Kubernetes.Stores;
using Prometheus;

namespace Portcullis.Grants;

/// <summary>
/// The namespace's side of grants: puts back what somebody changed, takes away what nobody grants any more (after a crash, a forced
/// deletion), and changes bindings at the second when a grant starts or ends. At the start it looks at every namespace once.
/// </summary>
internal sealed class BindingLoop(
    AccessState access, AccessStores stores, NamespaceBindings bindings, BindingReporter reporter, TimeProvider time)
{
    /// <summary>The key that stands for all namespaces; no namespace can have this name.</summary>
    private static readonly ObjectKey Everything = ObjectKey.Cluster("*");

    /// <summary>Many changes at once are one look.</summary>
    private static readonly TimeSpan Settle = TimeSpan.FromMilliseconds(250);

    private WorkQueue<ObjectKey>? _queue;

    public KeyLoop Build(IMetricFactory metrics, ILogger<BindingLoop> logger) => new(
        new KeyLoopOptions("bindings")
        {
            Initial = () => [Everything],
            Subscribe = Subscribe,
            ReconcileAsync = ReconcileAsync,
            Failed = (key, _) => reporter.AskGrants(key.Name),
        },
        time,
        metrics,
        logger);

    private List<IDisposable> Subscribe(WorkQueue<ObjectKey> queue)
    {
        _queue = queue;
        return
        [
            bindings.WhenDisturbed(one => queue.Add(ObjectKey.Cluster(one))),
            stores.Namespaces.Subscribe(change => OnNamespace(change, queue)),
            stores.Collections.Subscribe(change => OnInput(change.Before?.Metadata, change.After?.Metadata, queue)),
            stores.Organizations.Subscribe(change => OnInput(change.Before?.Metadata, change.After?.Metadata, queue)),
            stores.Roles.Subscribe(change => OnInput(change.Before?.Metadata, change.After?.Metadata, queue)),
            stores.Sources.Subscribe(change => OnInput(change.Before?.Metadata, change.After?.Metadata, queue)),
            stores.Grants.Subscribe(change => OnGrant(change, queue)),
        ];
    }

    private static void OnNamespace(Change<NamespaceObject> change, WorkQueue<ObjectKey> queue)
    {
        if (change.After is not null)
        {
            queue.Add(ObjectKey.Cluster(change.Key.Name));
        }
    }

    /// <summary>Statuses are no input; generation and deletion are.</summary>
    private static void OnInput(ObjectMeta? before, ObjectMeta? after, WorkQueue<ObjectKey> queue)
    {
        if (before?.Generation != after?.Generation || before?.IsBeingDeleted != after?.IsBeingDeleted || before?.Uid != after?.Uid)
        {
            queue.AddAfter(Everything, Settle);
        }
    }

    /// <summary>
    /// The grant's own controller does the work. What it cannot do is look after a grant that is gone, whose place another may have taken, and
    /// one that is suspended but names something else than before.
    /// </summary>
    private void OnGrant(Change<Grant> change, WorkQueue<ObjectKey> queue)
    {
        var (before, after) = (change.Before, change.After);
        var isAnother = before?.Metadata.Uid != after?.Metadata.Uid;
        if (!isAnother && before?.Metadata.Generation == after?.Metadata.Generation)
        {
            return;
        }

        if (before is not null && (isAnother || after?.Spec.Suspend == true))
        {
            queue.AddAfter(Everything, Settle);
        }

        if (after is not null)
        {
            Schedule(AccessModel.StateAt(after.Spec, time.GetUtcNow()).NextChange, after, queue);
        }
    }

    private void Schedule(DateTimeOffset? next, Grant grant, WorkQueue<ObjectKey> queue)
    {
        if (next is not { } at)
        {
            return;
        }

        foreach (var one in access.Current.Resolve(grant.ToAccess(), time.GetUtcNow()).Namespaces)
        {
            queue.AddAfter(ObjectKey.Cluster(one), at - time.GetUtcNow(), WorkPriority.Live);
        }
    }

    private async Task ReconcileAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        if (key == Everything)
        {
            foreach (var one in bindings.BoundNamespaces().Concat(access.Current.Tree.Nodes.SelectMany(n => n.Namespaces)).Distinct(StringComparer.Ordinal))
            {
                _queue!.Add(ObjectKey.Cluster(one), WorkPriority.Background);
            }

            return;
        }

        if (stores.Namespaces.Get(key) is not { Metadata.IsBeingDeleted: false })
        {
            return;
        }

        // Before looking: a grant may end while its bindings are looked at, and nobody would come back for it.
        var now = time.GetUtcNow();
        var report = await bindings.EnsureAsync(key.Name, cancellationToken);
        reporter.Report(report);
        if (report.Failures is { Count: > 0 } failures)
        {
            throw new BindingsFailedException(failures);
        }

        if (access.Current.NextChangeIn(key.Name, now) is { } next)
        {
            _queue!.AddAfter(key, next - time.GetUtcNow(), WorkPriority.Live);
        }
    }
}

/// <summary>Tells of what happened to bindings, on the grants they stand for.</summary>
internal sealed class BindingReporter(AccessState access, AccessStores stores, EventRecorder events, ReconcileTrigger<Grant> grants)
{
    /// <summary>A binding may stand for hundreds of grants; a few of them are enough to tell.</summary>
    private const int Told = 3;

    public void Report(BindingReport report)
    {
        foreach (var result in report.Results)
        {
            if (GrantJudge.RevertOf(result) is { } reverted)
            {
                Tell(report.Namespace, result.Action, reverted);
            }
        }
    }

    /// <summary>The bindings of a namespace could not be put right: every grant that reaches it must say so.</summary>
    public void AskGrants(string @namespace)
    {
        foreach (var grant in access.Current.GrantsReaching(access.Current.Tree.OfNamespace(@namespace)))
        {
            grants.Enqueue(grant.Key);
        }
    }

    private void Tell(string @namespace, PlannedAction action, ReportedEvent reverted)
    {
        var about = action.OnBehalfOf.Select(stores.Grants.Get).OfType<Grant>().Take(Told).ToList();
        foreach (var grant in about)
        {
            events.Record(Grant.Definition, grant.Metadata, reverted);
        }

        if (about.Count == 0 && access.Current.Tree.OfNamespace(@namespace) is { } collection)
        {
            events.Record(Collection.Definition, collection.Collection.Metadata, reverted);
        }
    }
}

/// <summary>Some bindings of a namespace could not be put right; the loop comes back to it.</summary>
internal sealed class BindingsFailedException(IReadOnlyList<ActionResult.Failed> failures)
    : Exception(Problem.Join([.. failures.Select(f => f.Problem).Distinct()]));

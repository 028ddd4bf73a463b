using Portcullis.Access;
using Portcullis.Cluster;
using Portcullis.Core.Grants;
using Portcullis.Kubernetes.Controllers;
using Portcullis.Kubernetes.Stores;

namespace Portcullis.Grants;

/// <summary>
/// The namespace's side of grants: puts back what somebody changed, takes away what nobody grants any more (after a crash, a forced
/// deletion), and changes bindings at the second when a grant starts or ends.
/// </summary>
internal sealed class BindingTargets(AccessState access, AccessStores stores, NamespaceBindings bindings, BindingReporter reporter) : ITargetReconciler
{
    public string Name => "bindings";

    public static ObjectKey TargetOf(string @namespace) => ObjectKey.Cluster(@namespace);

    public IEnumerable<ObjectKey> Targets() => bindings.BoundNamespaces()
        .Concat(access.Current.Tree.Nodes.SelectMany(n => n.Namespaces))
        .Distinct(StringComparer.Ordinal)
        .Select(TargetOf);

    public IEnumerable<IDisposable> Subscribe(ITargetQueue queue) =>
    [
        bindings.WhenChangedByOthers(one => queue.Disturbed(TargetOf(one))),
        bindings.WhenForeign(role =>
        {
            queue.InputsChanged();
            reporter.AskHolders(role);
        }),
        stores.Namespaces.Subscribe(change => OnNamespace(change, queue)),
        stores.Collections.Subscribe(change => OnInput(change.Before?.Metadata, change.After?.Metadata, queue)),
        stores.Organizations.Subscribe(change => OnInput(change.Before?.Metadata, change.After?.Metadata, queue)),
        stores.Roles.Subscribe(change => OnInput(change.Before?.Metadata, change.After?.Metadata, queue)),
        stores.Sources.Subscribe(change => OnInput(change.Before?.Metadata, change.After?.Metadata, queue)),
        stores.Grants.Subscribe(change => OnGrant(change, queue)),
        .. stores.WhenUnsettledChange(queue.InputsChanged),
    ];

    public Task<TargetResult> ReconcileAsync(ObjectKey target, long since, CancellationToken cancellationToken) =>
        bindings.EnsureAsync(target.Name, since, cancellationToken);

    public void Report(ObjectKey target, IReadOnlyList<ActionResult> results, bool hasFailed) => reporter.Report(target.Name, results, hasFailed);

    private static void OnNamespace(Change<NamespaceObject> change, ITargetQueue queue)
    {
        if (change.After is not null)
        {
            queue.Disturbed(change.Key);
        }
    }

    /// <summary>Statuses are no input; generation and deletion are.</summary>
    private static void OnInput(ObjectMeta? before, ObjectMeta? after, ITargetQueue queue)
    {
        if (SpecChange.Matters(before, after))
        {
            queue.InputsChanged();
        }
    }

    /// <summary>
    /// The grant's own controller does the work. What it cannot do is look after a grant that is gone, whose place another may have taken, and
    /// one that is suspended but names something else than before.
    /// </summary>
    private static void OnGrant(Change<Grant> change, ITargetQueue queue)
    {
        var (before, after) = (change.Before, change.After);
        var isAnother = before?.Metadata.Uid != after?.Metadata.Uid;
        var isChanged = isAnother || before?.Metadata.Generation != after?.Metadata.Generation;
        if (before is not null && isChanged && (isAnother || after?.Spec.Suspend == true))
        {
            queue.InputsChanged();
        }
    }
}

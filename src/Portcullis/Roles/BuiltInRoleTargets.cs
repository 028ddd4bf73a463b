using Portcullis.Core;
using Portcullis.Core.Roles;
using Portcullis.Kubernetes.Controllers;
using Portcullis.Kubernetes.Events;
using Portcullis.Kubernetes.Stores;
using Portcullis.Objects.Json;

namespace Portcullis.Roles;

/// <summary>The ClusterRoles of the roles that ship with the program, which no object declares.</summary>
internal sealed class BuiltInRoleTargets(ClusterRoles roles, UntypedStores stores, EventRecorder events) : ITargetReconciler
{
    private readonly UntypedStore _store = stores.Of(ClusterKinds.ClusterRole, WellKnown.Labels.ManagedSelector);

    public string Name => "built-in roles";

    public int Workers => 1;

    public IEnumerable<ObjectKey> Targets() => BuiltInRoles.All.Select(r => ObjectKey.Cluster(r.Name));

    public IEnumerable<IDisposable> Subscribe(ITargetQueue queue) =>
    [
        _store.Subscribe(change =>
        {
            if (change.Key.Name.StartsWith(ResolvedRole.ClusterRolePrefix, StringComparison.Ordinal)
                && BuiltInRoles.Find(change.Key.Name[ResolvedRole.ClusterRolePrefix.Length..]) is { } role)
            {
                queue.Disturbed(ObjectKey.Cluster(role.Name));
            }
        }),
    ];

    public async Task<TargetResult> ReconcileAsync(ObjectKey target, long since, CancellationToken cancellationToken) =>
        new(await roles.EnsureAsync(BuiltInRoles.Find(target.Name)!, cancellationToken));

    public void Report(ObjectKey target, IReadOnlyList<ActionResult> results, bool hasFailed)
    {
        var name = ObjectKey.Cluster(BuiltInRoles.Find(target.Name)!.ClusterRoleName);
        foreach (var reverted in results.Select(AccessRoleJudge.RevertOf).OfType<ReportedEvent>())
        {
            events.Record(ClusterKinds.ClusterRole, name, _store.Get(name).Object("metadata").String("uid"), null, reverted);
        }
    }
}

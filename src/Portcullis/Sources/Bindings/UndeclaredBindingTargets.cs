using System.Text.Json.Nodes;
using Portcullis.Actions;
using Portcullis.Bindings;
using Portcullis.Core;
using Portcullis.Core.Grants;
using Portcullis.Core.Kinds;
using Portcullis.Drift;
using Portcullis.Kubernetes.Client;
using Portcullis.Kubernetes.Controllers;
using Portcullis.Kubernetes.Events;
using Portcullis.Objects.Json;

namespace Portcullis.Sources.Bindings;

/// <summary>Removes bindings to roles of ours that no Grant and no source declares.</summary>
internal sealed class UndeclaredBindingTargets(UngrantedBindings bindings, SourceStates sources, ActionRunner runner, UndeclaredBindingExecutor executor, EventRecorder events)
    : ITargetReconciler
{
    private const string ClusterPrefix = "cluster/";

    public string Name => "undeclared bindings";

    public int Workers => 1;

    public IEnumerable<ObjectKey> Targets() => bindings.Undeclared().Select(b => TargetOf(b.Kind, b.Key));

    public IEnumerable<IDisposable> Subscribe(ITargetQueue queue) => bindings.WhenUndeclared((kind, key) => queue.Disturbed(TargetOf(kind, key)));

    public async Task<TargetResult> ReconcileAsync(ObjectKey target, long since, CancellationToken cancellationToken)
    {
        var (kind, key) = OfTarget(target);
        if (bindings.FindUndeclared(kind, key) is not { } binding || IsDeclared(kind, key, binding))
        {
            return new TargetResult([]);
        }

        var action = new UndeclaredBindingAction(kind, key, binding);
        var results = await runner.RunAsync("grants", [action], executor, cancellationToken);
        return new TargetResult(results);
    }

    public void Report(ObjectKey target, IReadOnlyList<ActionResult> results, bool hasFailed)
    {
        foreach (var done in results.OfType<ActionResult.Done>())
        {
            var action = (UndeclaredBindingAction)done.Action;
            events.Record(
                action.Resource,
                action.Key,
                action.Uid,
                null,
                new ReportedEvent(true, GrantReasons.BindingReverted, $"{action.Id}, which gave {UndeclaredBinding.Describe(action.Binding)}, was made {done.Reverted}; removed, because no Grant declares it"));
        }
    }

    /// <summary>A source that is not loaded may declare it.</summary>
    private bool IsDeclared(ApiResource kind, ObjectKey key, JsonObject binding) =>
        binding.Object("metadata").Object("labels").String(WellKnown.Labels.Source) is { } source
        && sources.Find(ObjectKey.Cluster(source)) is { } state
        && state.InForce?.ByIdentity.ContainsKey(new ObjectIdentity(kind.Group, kind.Kind, key)) != false;

    private static ObjectKey TargetOf(ApiResource kind, ObjectKey key) => kind.Namespaced ? key : ObjectKey.Cluster(ClusterPrefix + key.Name);

    private static (ApiResource Kind, ObjectKey Key) OfTarget(ObjectKey target) => target.Name.StartsWith(ClusterPrefix, StringComparison.Ordinal)
        ? (ClusterKinds.ClusterRoleBinding, ObjectKey.Cluster(target.Name[ClusterPrefix.Length..]))
        : (ClusterKinds.RoleBinding, target);
}

/// <summary>Delete a binding.</summary>
internal sealed record UndeclaredBindingAction(ApiResource Resource, ObjectKey Key, JsonObject Binding) : PlannedAction
{
    public override string Id => $"{Resource.Kind} {Key}";

    public override ActionEffect Effect => ActionEffect.Narrow;

    public string? Uid => Binding.Object("metadata").String("uid");

    public override string Describe() => $"delete {Id}";
}

/// <summary>Deletes bindings.</summary>
internal sealed class UndeclaredBindingExecutor(KubernetesClient client, DriftLedger ledger) : IActionExecutor<UndeclaredBindingAction>
{
    public async Task<Attribution?> AttributeAsync(UndeclaredBindingAction action, CancellationToken cancellationToken) =>
        await ledger.LastChangeAsync(action.Resource, action.Key, cancellationToken);

    public Task ExecuteAsync(UndeclaredBindingAction action, CancellationToken cancellationToken) =>
        client.DeleteAsync(action.Resource, action.Key, new DeleteOptions { Uid = action.Uid }, cancellationToken);
}

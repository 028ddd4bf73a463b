using Portcullis.Actions;
using Portcullis.Core;
using Portcullis.Core.Grants;
using Portcullis.Core.Kept;
using Portcullis.Drift;
using Portcullis.Kept;
using Portcullis.Kubernetes.Client;
using Portcullis.Kubernetes.Stores;
using Portcullis.Objects.Json;

namespace Portcullis.Grants;

/// <summary>Writes and deletes the RoleBindings of one plan for a namespace.</summary>
internal sealed class BindingExecutor(KeptObjectWriter writer, ReadYourWritesStore bindings, DriftLedger ledger) : IActionExecutor<BindingAction>
{
    private int _others;

    /// <summary>The watch showed something else than our own writes meanwhile, so the namespace must be looked at again.</summary>
    public bool SawOthers => _others > 0;

    public Task<Attribution?> AttributeAsync(BindingAction action, CancellationToken cancellationToken) => action switch
    {
        BindingAction.Apply apply => ledger.AttributeAsync(
            ClusterKinds.RoleBinding, apply.Key, apply.Body, apply.Exists, cancellationToken, also: live => KeptState.Holds(apply.Body, live)),
        BindingAction.Replace replace => ledger.AttributeAsync(ClusterKinds.RoleBinding, replace.Key, replace.Body, true, cancellationToken),

        // One that we never put there was made by somebody else.
        BindingAction.Delete delete when !ledger.Knows(ClusterKinds.RoleBinding, delete.Key) => ForeignAsync(delete.Key, cancellationToken),
        _ => Task.FromResult<Attribution?>(null),
    };

    public async Task ExecuteAsync(BindingAction action, CancellationToken cancellationToken)
    {
        switch (action)
        {
            case BindingAction.Apply apply:
                await ApplyAsync(apply, cancellationToken);
                break;
            case BindingAction.Replace replace:
                await DeleteAsync(replace.Key, new DeleteOptions { Uid = replace.Uid }, cancellationToken);
                await ApplyAsync(new BindingAction.Apply(replace.Key, replace.Body, Exists: false), cancellationToken);
                break;
            case BindingAction.Delete delete:
                await DeleteAsync(delete.Key, new DeleteOptions(), cancellationToken);
                ledger.Forget(ClusterKinds.RoleBinding, delete.Key);
                break;
        }
    }

    private async Task ApplyAsync(BindingAction.Apply apply, CancellationToken cancellationToken)
    {
        using var write = bindings.Begin(apply.Key);
        var result = apply.Exists
            ? await writer.ChangeAsync(ClusterKinds.RoleBinding, apply.Key, apply.Body, WellKnown.Managers.Grants, cancellationToken)
            : await writer.MakeAsync(ClusterKinds.RoleBinding, apply.Key, apply.Body, WellKnown.Managers.Grants, apply.Adopts, cancellationToken);
        Answered(write.Answered(result.Object("metadata").String("resourceVersion"), result));
        ledger.InPlace(ClusterKinds.RoleBinding, apply.Key, apply.Body);
    }

    private async Task DeleteAsync(ObjectKey key, DeleteOptions options, CancellationToken cancellationToken)
    {
        using var write = bindings.Begin(key);
        await writer.DeleteAsync(ClusterKinds.RoleBinding, key, options, cancellationToken);
        Answered(write.Deleted());
    }

    private void Answered(bool isAlone)
    {
        if (!isAlone)
        {
            Interlocked.Increment(ref _others);
        }
    }

    private async Task<Attribution?> ForeignAsync(ObjectKey key, CancellationToken cancellationToken) =>
        await ledger.LastChangeAsync(ClusterKinds.RoleBinding, key, cancellationToken) is { IsKnown: true } by ? by : null;
}

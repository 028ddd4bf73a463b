using System.Text.Json.Nodes;
using Portcullis.Actions;
using Portcullis.Core;
using Portcullis.Core.Grants;
using Portcullis.Drift;
using Portcullis.Kubernetes.Client;
using Portcullis.Kubernetes.Stores;

namespace Portcullis.Grants;

/// <summary>Writes and deletes the RoleBindings of one look at a namespace.</summary>
internal sealed class BindingExecutor(IKubernetesClient client, IUntypedStore store, OwnWrites own, DriftLedger ledger) : IActionExecutor<BindingAction>
{
    private static readonly WriteOptions Writer = new(WellKnown.Managers.Grants);

    private int _others;

    /// <summary>The watch showed something else than our own writes meanwhile, so the namespace must be looked at again.</summary>
    public bool SawOthers => _others > 0;

    public Task<Attribution?> AttributeAsync(BindingAction action, CancellationToken cancellationToken) => action switch
    {
        BindingAction.Apply apply => ledger.AttributeAsync(ClusterKinds.RoleBinding, apply.Key, apply.Body, apply.Exists, cancellationToken),
        BindingAction.Replace replace => ledger.AttributeAsync(ClusterKinds.RoleBinding, replace.Key, replace.Body, true, cancellationToken),

        // One that we never put there was made by somebody else.
        BindingAction.Delete delete when !ledger.Knows(ClusterKinds.RoleBinding, delete.Key) => ForeignAsync(delete.Key, cancellationToken),
        _ => Task.FromResult<Attribution?>(null),
    };

    public async Task ExecuteAsync(BindingAction action, CancellationToken cancellationToken)
    {
        using var write = own.Begin(action.Key, store.VersionOf(action.Key));
        if (!write.Answered(await WriteAsync(action, cancellationToken)))
        {
            Interlocked.Increment(ref _others);
        }
    }

    /// <summary>The binding as it is now; null when it was deleted.</summary>
    private async Task<JsonObject?> WriteAsync(BindingAction action, CancellationToken cancellationToken)
    {
        switch (action)
        {
            case BindingAction.Apply apply:
                return await ApplyAsync(apply.Key, apply.Body, cancellationToken);
            case BindingAction.Replace replace:
                await client.DeleteAsync(ClusterKinds.RoleBinding, replace.Key, new DeleteOptions { Uid = replace.Uid }, cancellationToken);
                return await ApplyAsync(replace.Key, replace.Body, cancellationToken);
            default:
                await client.DeleteAsync(ClusterKinds.RoleBinding, action.Key, new DeleteOptions(), cancellationToken);
                ledger.Forget(ClusterKinds.RoleBinding, action.Key);
                return null;
        }
    }

    private async Task<JsonObject> ApplyAsync(ObjectKey key, JsonObject body, CancellationToken cancellationToken)
    {
        var result = await client.ApplyAsync(ClusterKinds.RoleBinding, body, Writer, cancellationToken);
        ledger.InPlace(ClusterKinds.RoleBinding, key, body);
        return result;
    }

    private async Task<Attribution?> ForeignAsync(ObjectKey key, CancellationToken cancellationToken) =>
        await ledger.LastChangeAsync(ClusterKinds.RoleBinding, key, cancellationToken) is { IsKnown: true } by ? by : null;
}

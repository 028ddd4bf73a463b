using Portcullis.Actions;
using Portcullis.Core;
using Portcullis.Core.Drift;
using Portcullis.Kubernetes.Controllers;
using Portcullis.Kubernetes.Stores;

namespace Portcullis.Admission;

/// <summary>Applies the webhook configurations, and applies them again when they are changed or deleted. Only the leader does.</summary>
internal sealed class WebhookRegistration(UntypedStores stores, IEnumerable<IWebhook> webhooks, ActionRunner runner, WebhookExecutor executor) : ITargetReconciler
{
    private static readonly ApiResource[] Kinds = [ClusterKinds.MutatingWebhook, ClusterKinds.ValidatingWebhook];

    private (WebhookAddress Address, string Authority)? _served;
    private ITargetQueue? _queue;

    public string Name => "webhooks";

    public int Workers => 1;

    /// <summary>Sets the address of the server and the certificate authority that the API server trusts for it.</summary>
    public void Serve(WebhookAddress address, string authority)
    {
        _served = (address, authority);
        _queue?.InputsChanged();
    }

    public IEnumerable<ObjectKey> Targets() => Kinds.Select(TargetOf);

    public IEnumerable<IDisposable> Subscribe(ITargetQueue queue)
    {
        _queue = queue;
        return Kinds.Select(kind => stores.Of(kind, WellKnown.Labels.ManagedSelector).Subscribe(_ => queue.Disturbed(TargetOf(kind))));
    }

    public async Task<TargetResult> ReconcileAsync(ObjectKey target, long since, CancellationToken cancellationToken)
    {
        if (_served is not var (address, authority))
        {
            return new TargetResult([]);
        }

        var kind = Kinds.First(k => k.Plural == target.Name);
        var phase = kind == ClusterKinds.MutatingWebhook ? WebhookPhase.Mutating : WebhookPhase.Validating;
        var body = WebhookConfigurations.Of(phase, webhooks, address, authority);
        var key = ObjectKey.Cluster(body["metadata"]!["name"]!.GetValue<string>());
        var present = stores.Of(kind, WellKnown.Labels.ManagedSelector).Get(key);
        WebhookAction[] actions = DesiredState.Holds(body, present) ? [] : [new WebhookAction(kind, key, body, present is not null)];
        return new TargetResult(await runner.RunAsync("webhooks", actions, executor, cancellationToken));
    }

    private static ObjectKey TargetOf(ApiResource kind) => ObjectKey.Cluster(kind.Plural);
}

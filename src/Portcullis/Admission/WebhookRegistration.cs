using System.Collections.Concurrent;
using Portcullis.Actions;
using Portcullis.Cluster;
using Portcullis.Core;
using Portcullis.Core.Drift;
using Portcullis.Kubernetes.Controllers;
using Portcullis.Kubernetes.Stores;

namespace Portcullis.Admission;

/// <summary>
/// Applies the webhook configurations, and applies them again when they are changed or deleted. Only the leader does. While the system namespace,
/// which owns them, is missing or being deleted, none is written.
/// </summary>
internal sealed class WebhookRegistration(
    UntypedStores stores, IStore<NamespaceObject> namespaces, IEnumerable<IWebhook> webhooks, ActionRunner runner, WebhookExecutor executor) : ITargetReconciler
{
    private static readonly ApiResource[] Kinds = [ClusterKinds.MutatingWebhook, ClusterKinds.ValidatingWebhook];

    private static readonly ObjectKey SystemNamespace = ObjectKey.Cluster(WellKnown.SystemNamespace);

    private readonly ConcurrentDictionary<ObjectKey, string> _inForce = new();
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

    /// <summary>Whether every configuration has this segment, as they were last read. Only the leader knows, and so only the leader replaces it.</summary>
    public bool IsInForce(string segment) => Targets().All(t => _inForce.TryGetValue(t, out var known) && known == segment);

    public IEnumerable<ObjectKey> Targets() => Kinds.Select(TargetOf);

    public IEnumerable<IDisposable> Subscribe(ITargetQueue queue)
    {
        _queue = queue;
        return Kinds.Select(kind => stores.Of(kind, WellKnown.Labels.ManagedSelector).Subscribe(_ => queue.Disturbed(TargetOf(kind))))
            .Append(namespaces.Subscribe(change =>
            {
                if (change.Key == SystemNamespace && change.Before?.Metadata.Uid != change.After?.Metadata.Uid)
                {
                    queue.InputsChanged();
                }
            }))
            .Concat(webhooks.Select(w => w.WhenRedefined(queue.InputsChanged)).OfType<IDisposable>());
    }

    public async Task<TargetResult> ReconcileAsync(ObjectKey target, long since, CancellationToken cancellationToken)
    {
        if (_served is not var (address, authority) || namespaces.Get(SystemNamespace)?.Metadata is not { IsBeingDeleted: false, Uid: { } owner })
        {
            return new TargetResult([]);
        }

        var kind = Kinds.First(k => k.Plural == target.Name);
        var phase = kind == ClusterKinds.MutatingWebhook ? WebhookPhase.Mutating : WebhookPhase.Validating;
        var body = WebhookConfigurations.Of(phase, webhooks, address, authority, owner);
        var key = ObjectKey.Cluster(body["metadata"]!["name"]!.GetValue<string>());
        var present = stores.Of(kind, WellKnown.Labels.ManagedSelector).Get(key);
        var isInForce = DesiredState.Holds(body, present);
        _inForce[target] = isInForce ? address.Segment : "";
        WebhookAction[] actions = isInForce ? [] : [new WebhookAction(kind, key, body, present is not null)];
        return new TargetResult(await runner.RunAsync("webhooks", actions, executor, cancellationToken));
    }

    private static ObjectKey TargetOf(ApiResource kind) => ObjectKey.Cluster(kind.Plural);
}

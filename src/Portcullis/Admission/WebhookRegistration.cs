using Microsoft.Extensions.Logging;
using Portcullis.Core;
using Portcullis.Core.Drift;
using Portcullis.Kubernetes.Client;
using Portcullis.Kubernetes.Controllers;
using Portcullis.Kubernetes.Hosting;
using Portcullis.Kubernetes.Queues;
using Prometheus;

namespace Portcullis.Admission;

/// <summary>Applies the webhook configurations, and applies them again when they are changed or deleted. Only the leader does.</summary>
internal sealed class WebhookRegistration(IKubernetesClient client, UntypedStores stores, IEnumerable<IWebhook> webhooks)
{
    public const string Selector = WellKnown.Labels.ManagedBy + "=" + WellKnown.Labels.ManagedByValue;

    private static readonly WriteOptions Writer = new(WellKnown.Managers.Admission);
    private static readonly ApiResource[] Kinds = [ClusterKinds.MutatingWebhook, ClusterKinds.ValidatingWebhook];

    private (WebhookAddress Address, string Authority)? _served;
    private WorkQueue<ObjectKey>? _queue;

    /// <summary>Sets the address of the server and the certificate authority that the API server trusts for it.</summary>
    public void Serve(WebhookAddress address, string authority)
    {
        _served = (address, authority);
        foreach (var kind in Kinds)
        {
            _queue?.Add(ObjectKey.Cluster(kind.Plural), fresh: true);
        }
    }

    public KeyLoop Build(TimeProvider time, IMetricFactory metrics, ILogger<WebhookRegistration> logger) => new(
        new KeyLoopOptions("webhooks")
        {
            Workers = 1,
            Initial = () => Kinds.Select(k => ObjectKey.Cluster(k.Plural)),
            Subscribe = queue =>
            {
                _queue = queue;
                return Kinds.Select(kind => stores.Of(kind, Selector).Subscribe(_ => queue.Add(ObjectKey.Cluster(kind.Plural))));
            },
            ReconcileAsync = EnsureAsync,
        },
        time,
        metrics,
        logger);

    private async Task EnsureAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        if (_served is not var (address, authority))
        {
            return;
        }

        var kind = Kinds.First(k => k.Plural == key.Name);
        var phase = kind == ClusterKinds.MutatingWebhook ? WebhookPhase.Mutating : WebhookPhase.Validating;
        var body = WebhookConfigurations.Of(phase, webhooks, address, authority);
        var name = ObjectKey.Cluster(body["metadata"]!["name"]!.GetValue<string>());
        if (!DesiredState.Holds(body, stores.Of(kind, Selector).Get(name)))
        {
            await client.ApplyAsync(kind, body, Writer, cancellationToken);
        }
    }
}

using Microsoft.Extensions.Logging;
using Portcullis.Core;
using Portcullis.Core.Drift;
using Portcullis.Kubernetes.Client;
using Portcullis.Kubernetes.Controllers;
using Portcullis.Kubernetes.Hosting;
using Portcullis.Kubernetes.Queues;

namespace Portcullis.Admission;

/// <summary>Keeps our webhook configurations as they should be: who leads registers, and puts back what is changed or deleted.</summary>
internal sealed class WebhookRegistration(IKubernetesClient client, UntypedStores stores)
{
    public const string Selector = WellKnown.Labels.ManagedBy + "=" + WellKnown.Labels.ManagedByValue;

    private static readonly WriteOptions Writer = new(WellKnown.Managers.Admission);
    private static readonly ApiResource[] Kinds = [ClusterKinds.MutatingWebhook, ClusterKinds.ValidatingWebhook];

    private (WebhookAddress Address, string Authority)? _served;
    private WorkQueue<ObjectKey>? _queue;

    /// <summary>True once both configurations have been applied.</summary>
    public bool IsRegistered { get; private set; }

    /// <summary>The server can be called here, and is to be trusted by this authority.</summary>
    public void Serve(WebhookAddress address, string authority)
    {
        _served = (address, authority);
        Kick(_queue);
    }

    public KeyLoop Build(TimeProvider time, ILogger<WebhookRegistration> logger) => new(
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
        logger);

    private async Task EnsureAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        if (_served is not var (address, authority))
        {
            return;
        }

        var kind = Kinds.First(k => k.Plural == key.Name);
        var body = kind == ClusterKinds.MutatingWebhook
            ? WebhookConfigurations.Mutating(address, authority)
            : WebhookConfigurations.Validating(address, authority);
        var name = ObjectKey.Cluster(body["metadata"]!["name"]!.GetValue<string>());
        if (!DesiredState.Holds(body, stores.Of(kind, Selector).Get(name)))
        {
            await client.ApplyAsync(kind, body, Writer, cancellationToken);
        }

        IsRegistered |= kind == ClusterKinds.ValidatingWebhook;
    }

    private static void Kick(WorkQueue<ObjectKey>? queue)
    {
        foreach (var kind in Kinds)
        {
            queue?.Add(ObjectKey.Cluster(kind.Plural), fresh: true);
        }
    }
}

using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Portcullis.ApiServer.Errors;
using Portcullis.ApiServer.Kinds;
using Portcullis.ApiServer.Storage;
using Portcullis.Objects.Json;

namespace Portcullis.ApiServer.Resources;

/// <summary>Establishes CRDs whose names are free, and empties those that are deleted before it lets them go.</summary>
internal sealed partial class CrdController(
    SqliteStore store, KindRegistry kinds, ResourceOperations operations, TimeProvider time, ILogger<CrdController> logger)
{
    private const string Actor = "kube-apiserver";
    private const string Cleanup = "customresourcecleanup.apiextensions.k8s.io";

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var subscription = store.Log.Subscribe(StorageKind.Of(StandardKinds.Crds), store.CurrentVersion);
            await AllAsync(cancellationToken);
            while (subscription is not null && await subscription.Live.WaitToReadAsync(cancellationToken))
            {
                while (subscription.Live.TryRead(out _))
                {
                    // The event only shows that something changed; what is to do follows from the present state.
                }

                await AllAsync(cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The server stops.
        }
    }

    private async Task AllAsync(CancellationToken cancellationToken)
    {
        foreach (var stored in store.List(StandardKinds.Crds))
        {
            try
            {
                await OneAsync(stored.Key, cancellationToken);
            }
            catch (Exception error) when (error is StatusException or StorageException)
            {
                Log.Failed(logger, stored.Key.Name, error);
            }
        }
    }

    private async Task OneAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        if (store.Get(StandardKinds.Crds, key)?.Object is not { } crd)
        {
            return;
        }

        if (Metadata.IsBeingDeleted(crd))
        {
            await EmptyAsync(crd, cancellationToken);
            return;
        }

        var others = store.List(StandardKinds.Crds).Where(o => o.Key != key).Select(o => o.Object);
        var status = CrdNames.Status(crd, others, KubernetesJson.Time(time.GetUtcNow()));
        if (!JsonNode.DeepEquals(status, crd["status"]))
        {
            var next = (JsonObject)crd.DeepClone();
            next["status"] = status;
            await operations.UpdateAsync(Actor, StandardKinds.Crds, next, "status", cancellationToken);
        }
    }

    private async Task EmptyAsync(JsonObject crd, CancellationToken cancellationToken)
    {
        if (Metadata.Of(crd).Array("finalizers") is not { } finalizers || !finalizers.Any(f => f?.ToString() == Cleanup))
        {
            return;
        }

        var spec = crd.Object("spec");
        var kind = kinds.Current.Kinds.FirstOrDefault(k =>
            k.Resource.Group == spec.String("group") && k.Resource.Plural == spec.Object("names").String("plural"));
        if (kind is not null)
        {
            foreach (var stored in store.List(kind.Storage))
            {
                await operations.DeleteAsync(Actor, kind.Resource, stored.Key, null, cancellationToken);
            }

            if (store.List(kind.Storage).Count > 0)
            {
                WatchUntilEmpty(kind.Storage, cancellationToken);
                return;
            }
        }

        var next = (JsonObject)crd.DeepClone();
        var rest = finalizers.Where(f => f?.ToString() != Cleanup).Select(f => f?.DeepClone()).ToArray();
        Metadata.Of(next)["finalizers"] = new JsonArray(rest);
        await operations.UpdateAsync(Actor, StandardKinds.Crds, next, "", cancellationToken);
    }

    /// <summary>Instances with finalizers of their own: checked again when one of them changes.</summary>
    private void WatchUntilEmpty(ApiResource kind, CancellationToken cancellationToken) => _ = Task.Run(
        async () =>
        {
            using var subscription = store.Log.Subscribe(StorageKind.Of(kind), store.CurrentVersion);
            while (subscription is not null && store.List(kind).Count > 0)
            {
                _ = await subscription.Live.ReadAsync(cancellationToken);
            }

            await AllAsync(cancellationToken);
        },
        cancellationToken);

    private static partial class Log
    {
        [LoggerMessage(2604, LogLevel.Warning, "CustomResourceDefinition {Name} could not be brought up to date")]
        public static partial void Failed(ILogger logger, string name, Exception error);
    }
}

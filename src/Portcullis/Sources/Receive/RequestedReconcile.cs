using System.Globalization;
using System.Text.Json.Nodes;
using Portcullis.Core;
using Portcullis.Kubernetes.Client;

namespace Portcullis.Sources.Receive;

/// <summary>Asks for a reconcile of an object on whichever copy of the program leads: by the annotation that people use for it.</summary>
internal static class RequestedReconcile
{
    private static readonly WriteOptions Write = new("portcullis-receivers");

    public static Task RequestReconcileAsync(this KubernetesClient client, ApiResource resource, ObjectKey key, TimeProvider time, CancellationToken cancellationToken)
    {
        var annotations = new JsonObject
        {
            [WellKnown.Annotations.RequestedAt] = time.GetUtcNow().UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffffffZ", CultureInfo.InvariantCulture),
        };
        return client.MergePatchAsync(resource, key, new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = annotations } }, Write, cancellationToken);
    }
}

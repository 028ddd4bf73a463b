using System.Text.Json.Nodes;
using Portcullis.Kubernetes.Client;

namespace Portcullis.Kubernetes.Controllers;

/// <summary>
/// Keeps our finalizer on objects whose deletion needs work: put there before the first side effect, taken away after the last.
/// Each write names the version it was thought upon, so that nobody else's finalizer is lost.
/// </summary>
internal sealed class FinalizerGuard(IKubernetesClient client, ApiResource resource, string finalizer, string fieldManager)
{
    public bool Guards(ObjectMeta metadata) => metadata.Finalizers?.Contains(finalizer) == true;

    public Task AddAsync(ObjectMeta metadata, CancellationToken cancellationToken) =>
        WriteAsync(metadata, [.. metadata.Finalizers ?? [], finalizer], cancellationToken);

    public async Task RemoveAsync(ObjectMeta metadata, CancellationToken cancellationToken)
    {
        try
        {
            await WriteAsync(metadata, [.. (metadata.Finalizers ?? []).Where(f => f != finalizer)], cancellationToken);
        }
        catch (KubernetesApiException e) when (e.IsNotFound)
        {
            // Gone already: that is what was wanted.
        }
    }

    private Task<JsonObject> WriteAsync(ObjectMeta metadata, IReadOnlyList<string> finalizers, CancellationToken cancellationToken)
    {
        var list = new JsonArray([.. finalizers.Select(f => (JsonNode)f)]);
        var patch = new JsonObject
        {
            ["metadata"] = new JsonObject { ["resourceVersion"] = metadata.ResourceVersion, ["finalizers"] = list },
        };
        return client.MergePatchAsync(resource, metadata.Key, patch, new WriteOptions(fieldManager), cancellationToken);
    }
}

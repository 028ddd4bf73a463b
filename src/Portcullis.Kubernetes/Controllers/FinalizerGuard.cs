using System.Text.Json.Nodes;
using Portcullis.Kubernetes.Client;
using Portcullis.Objects.Json;

namespace Portcullis.Kubernetes.Controllers;

/// <summary>
/// Keeps our finalizer on objects whose deletion needs work: put there before the first side effect, taken away after the last.
/// Each write names the version it was decided on, so that nobody else's finalizer is lost.
/// </summary>
internal sealed class FinalizerGuard(KubernetesClient client, ApiResource resource, string finalizer, string fieldManager)
{
    private const int Attempts = 5;

    public bool Guards(ObjectMeta metadata) => metadata.Finalizers?.Contains(finalizer) == true;

    public Task AddAsync(ObjectMeta metadata, CancellationToken cancellationToken) =>
        WriteAsync(metadata.Key, metadata.ResourceVersion, [.. metadata.Finalizers ?? [], finalizer], cancellationToken);

    /// <summary>What was undone needs no undoing again because somebody wrote meanwhile: most of the time that was our own last status.</summary>
    public async Task RemoveAsync(ObjectMeta metadata, CancellationToken cancellationToken)
    {
        var (version, finalizers) = (metadata.ResourceVersion, metadata.Finalizers ?? []);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await WriteAsync(metadata.Key, version, finalizers.Where(f => f != finalizer), cancellationToken);
                return;
            }
            catch (KubernetesApiException e) when (e.IsNotFound)
            {
                return;
            }
            catch (KubernetesApiException e) when (e.IsConflict && attempt < Attempts)
            {
                var present = (await client.GetAsync(resource, metadata.Key, cancellationToken)).Object("metadata");
                if (present.String("uid") != metadata.Uid)
                {
                    return; // gone, or another one of that name
                }

                (version, finalizers) = (present.String("resourceVersion"), [.. (present.Array("finalizers") ?? []).Select(f => f!.GetValue<string>())]);
            }
        }
    }

    private Task<JsonObject> WriteAsync(ObjectKey key, string? version, IEnumerable<string> finalizers, CancellationToken cancellationToken)
    {
        var list = new JsonArray([.. finalizers.Select(f => (JsonNode)f)]);
        var patch = new JsonObject { ["metadata"] = new JsonObject { ["resourceVersion"] = version, ["finalizers"] = list } };
        return client.MergePatchAsync(resource, key, patch, new WriteOptions(fieldManager), cancellationToken);
    }
}

using System.Text.Json.Nodes;
using Portcullis.Kubernetes;
using Portcullis.Kubernetes.Client;
using Portcullis.Objects.Json;

namespace Portcullis.Uninstall;

/// <summary>
/// Takes our finalizer off the objects of our kinds, since no operator is left to do it. Finalizers of others stay, and what they hold is reported
/// with the CRD.
/// </summary>
internal sealed class FinalizerStep(InstalledCluster cluster, OwnDefinitions definitions) : IRemovalStep
{
    private static readonly string Finalizer = new KubernetesOptions().Finalizer;

    public string Title => "finalizers";

    public async Task<IReadOnlyList<Removal>> FindAsync(CancellationToken cancellationToken)
    {
        var found = new List<Removal>();
        foreach (var kind in (await definitions.ListAsync(cancellationToken)).Select(OwnDefinitions.KindOf).OfType<ApiResource>())
        {
            var held = (await cluster.ListAsync(kind, null, cancellationToken)).Where(IsHeld);
            found.AddRange(held.Select(o => new Removal(InstalledCluster.Name(kind, o), token => ReleaseAsync(kind, ObjectKey.Of(o), token))));
        }

        return found;
    }

    private static bool IsHeld(JsonObject value) => value.Object("metadata").Strings("finalizers").Contains(Finalizer);

    private async Task ReleaseAsync(ApiResource kind, ObjectKey key, CancellationToken cancellationToken)
    {
        if (await cluster.Client.GetAsync(kind, key, cancellationToken) is not { } present || !IsHeld(present))
        {
            return;
        }

        var metadata = present.Object("metadata");
        var patch = new JsonObject
        {
            ["metadata"] = new JsonObject
            {
                ["resourceVersion"] = metadata.String("resourceVersion"),
                ["finalizers"] = new JsonArray([.. metadata.Strings("finalizers").Where(f => f != Finalizer).Select(f => (JsonNode)f)]),
            },
        };
        try
        {
            await cluster.Client.MergePatchAsync(kind, key, patch, InstalledCluster.Writer, cancellationToken);
        }
        catch (KubernetesApiException e) when (e.IsNotFound)
        {
            // It was the last thing that held it.
        }
    }
}

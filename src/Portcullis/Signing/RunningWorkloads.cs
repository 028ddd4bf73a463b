using System.Text.Json.Nodes;
using Portcullis.Core;
using Portcullis.Core.Signing.Workloads;
using Portcullis.Kubernetes.Client;

namespace Portcullis.Signing;

/// <summary>Lists what runs in a cluster, each workload once: what a controller of Kubernetes made is reported as its controller.</summary>
internal sealed class RunningWorkloads(KubernetesClient client)
{
    private static readonly IReadOnlyList<ApiResource> Kinds =
    [
        ClusterKinds.Deployment, ClusterKinds.StatefulSet, ClusterKinds.DaemonSet, ClusterKinds.ReplicaSet, ClusterKinds.CronJob, ClusterKinds.Job,
        ClusterKinds.ReplicationController, ClusterKinds.PodTemplate, ClusterKinds.Pod,
    ];

    /// <exception cref="KubernetesApiException">A kind cannot be listed. One that the API does not serve has no workloads.</exception>
    public async Task<IReadOnlyList<RunningWorkload>> ListAsync(CancellationToken cancellationToken)
    {
        var found = new List<RunningWorkload>();
        foreach (var kind in Kinds)
        {
            var objects = await client.ListIfServedAsync(kind, new ListOptions(), cancellationToken);
            found.AddRange(objects.Select(o => Read(kind, o)).OfType<RunningWorkload>());
        }

        return found;
    }

    private static RunningWorkload? Read(ApiResource kind, JsonObject one)
    {
        one["kind"] ??= kind.Kind;
        var key = ObjectKey.Of(one);
        return WorkloadOwner.Of(one) is not null || WorkloadImages.NamesOf(one) is not { Count: > 0 } images ? null : new RunningWorkload($"{kind.Kind} {key}", key.Namespace, images);
    }
}

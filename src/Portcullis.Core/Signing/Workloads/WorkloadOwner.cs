using System.Text.Json.Nodes;
using Portcullis.Objects.Json;

namespace Portcullis.Core.Signing.Workloads;

/// <summary>What controls a pod or a workload, as its metadata names it.</summary>
/// <param name="Resource">The kind, one of those of Kubernetes that make pods.</param>
/// <param name="Name">Its name, in the same namespace.</param>
/// <param name="Uid">Its uid: another object of that name is not it.</param>
public sealed record WorkloadOwner(ApiResource Resource, string Name, string Uid)
{
    private static readonly Dictionary<(string ApiVersion, string Kind), ApiResource> Known =
        new[] { ClusterKinds.Deployment, ClusterKinds.ReplicaSet, ClusterKinds.StatefulSet, ClusterKinds.DaemonSet, ClusterKinds.Job, ClusterKinds.CronJob, ClusterKinds.ReplicationController }
            .ToDictionary(k => (k.ApiVersion, k.Kind));

    /// <summary>Null for an object that nothing controls, or that a kind of somebody else's controls.</summary>
    public static WorkloadOwner? Of(JsonObject value) =>
        Controller(value) is { } owner
        && owner.String("name") is { Length: > 0 } name && owner.String("uid") is { Length: > 0 } uid
        && Known.TryGetValue((owner.String("apiVersion") ?? "", owner.String("kind") ?? ""), out var resource)
            ? new WorkloadOwner(resource, name, uid)
            : null;

    private static JsonObject? Controller(JsonObject value) =>
        (value.Object("metadata").Array("ownerReferences") ?? []).OfType<JsonObject>().FirstOrDefault(o => o.Flag("controller") == true);
}

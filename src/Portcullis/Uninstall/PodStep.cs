using System.Text.Json.Nodes;
using Portcullis.Core;
using Portcullis.Objects.Json;

namespace Portcullis.Uninstall;

/// <summary>
/// Waits for the pods, whose workloads were deleted long before. A namespace that is deleted while pods are still ending looks again only after half
/// of their grace period.
/// </summary>
internal sealed class PodStep(InstalledCluster cluster, UninstallOptions options) : IRemovalStep
{
    /// <summary>A little more than the grace period of the pods.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(35);

    public string Title => "pods of operator, gateway and agents";

    public async Task<IReadOnlyList<Removal>> FindAsync(CancellationToken cancellationToken)
    {
        var pods = await cluster.ListAsync(ClusterKinds.Pod, UninstallSteps.OwnWorkloads, cancellationToken, WellKnown.SystemNamespace);
        var patience = options.Patience < Longest ? options.Patience : Longest;
        return [.. pods.Select(p => cluster.DeletionToTheEnd(ClusterKinds.Pod, p, patience, (live, _) => Task.FromResult(WhatHolds(live))))];
    }

    private static string WhatHolds(JsonObject pod) => pod.Object("spec").String("nodeName") is { } node
        ? $"the node {node} has not ended it. If the node is gone for good: kubectl delete node {node}"
        : "it has finalizers";
}

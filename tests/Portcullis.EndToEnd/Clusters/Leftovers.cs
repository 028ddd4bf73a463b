using System.Text.Json.Nodes;
using Portcullis.Core;
using Portcullis.Kubernetes.Client;
using Portcullis.Testing.Clusters;

namespace Portcullis.EndToEnd.Clusters;

/// <summary>Takes away what a test made in a cluster that is not its own. Only what bears the test's own mark in its name is touched.</summary>
internal static class Leftovers
{
    private static readonly ApiResource[] Kinds =
    [
        .. KindCatalog.Kinds.Select(k => k.Resource),
        ClusterKinds.Namespace,
        ClusterKinds.Node,
        ClusterKinds.ClusterRole,
        new("rbac.authorization.k8s.io", "v1", "ClusterRoleBinding", "clusterrolebindings", false),
    ];

    /// <summary>To be called when nothing of ours runs any more: finalizers are taken off, since nobody is left to do it.</summary>
    public static async Task RemoveAsync(TestCluster cluster, string mark)
    {
        foreach (var kind in Kinds)
        {
            await foreach (var value in cluster.Client.ListAsync(kind, new ListOptions(), CancellationToken.None))
            {
                if (value["metadata"]!["name"]!.GetValue<string>() is var name && name.Contains(mark, StringComparison.Ordinal))
                {
                    await DeleteAsync(cluster, kind, value);
                }
            }
        }
    }

    public static async Task DeleteAsync(TestCluster cluster, ApiResource kind, JsonObject value)
    {
        var key = new ObjectKey(value["metadata"]!["namespace"]?.GetValue<string>() ?? "", value["metadata"]!["name"]!.GetValue<string>());
        if (value["metadata"]!["finalizers"] is not null && kind.Group == WellKnown.Group)
        {
            var patch = new JsonObject { ["metadata"] = new JsonObject { ["finalizers"] = null } };
            await cluster.Client.MergePatchAsync(kind, key, patch, new WriteOptions("test"), CancellationToken.None);
        }

        await cluster.Client.DeleteAsync(kind, key, new DeleteOptions { PropagationPolicy = "Background" }, CancellationToken.None);
    }
}

using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Portcullis.Core;
using Portcullis.Kinds;
using Portcullis.Kubernetes.Client;
using Portcullis.Testing.Clusters;

namespace Portcullis.EndToEnd.Clusters;

/// <summary>
/// All that a world's operator keeps in its cluster, line by line, without what differs from run to run (versions, times, the mark):
/// two runs that came to the same end have equal pictures.
/// </summary>
internal static partial class WorldPicture
{
    private static readonly ApiResource[] InNamespaces =
        [ClusterKinds.RoleBinding, ClusterKinds.ResourceQuota, ClusterKinds.LimitRange, ClusterKinds.NetworkPolicy];

    // Which of two runs wrote an object is in its version and in the history's counts, not in what it says.
    private static readonly string[] Changing =
    [
        "uid", "resourceVersion", "generation", "observedGeneration", "creationTimestamp", "managedFields",
        "duration", "created", "configured", "pruned", "portcullis.dev/source-digest",
    ];

    public static async Task<string> TakeAsync(OperatorWorld world)
    {
        var lines = new List<string>();
        var namespaces = new List<string>();
        foreach (var kind in (ApiResource[])[.. Catalog.Default.Kinds.All.Select(k => k.Resource), ClusterKinds.Namespace, ClusterKinds.ClusterRole])
        {
            await foreach (var value in world.Cluster.Client.ListAsync(kind, new ListOptions(), CancellationToken.None))
            {
                var name = value["metadata"]!["name"]!.GetValue<string>();
                if (name.Contains(world.Mark, StringComparison.Ordinal) || (kind == ClusterKinds.ClusterRole && name.StartsWith("portcullis:", StringComparison.Ordinal)))
                {
                    Flatten($"{kind.Kind} {name}", value, lines);
                    namespaces.AddRange(kind == ClusterKinds.Namespace ? [name] : []);
                }
            }
        }

        foreach (var (kind, space) in InNamespaces.SelectMany(k => namespaces.Select(n => (k, n))))
        {
            await foreach (var value in world.Cluster.Client.ListAsync(kind, new ListOptions { Namespace = space }, CancellationToken.None))
            {
                Flatten($"{kind.Kind} {space}/{value["metadata"]!["name"]}", value, lines);
            }
        }

        return Mask(string.Join('\n', lines.Order(StringComparer.Ordinal)), world);
    }

    /// <summary>Whether every object of ours has been looked at as it is now and is Ready; a NodeHardening without nodes is not.</summary>
    public static async Task<bool> IsReadyAsync(TestCluster cluster, string mark)
    {
        foreach (var kind in Catalog.Default.Kinds.All.Where(k => k.Declarable && k.Resource.Kind != "NodeHardening"))
        {
            await foreach (var value in cluster.Client.ListAsync(kind.Resource, new ListOptions(), CancellationToken.None))
            {
                var ready = value["status"]?["conditions"]?.AsArray().FirstOrDefault(c => c!["type"]!.GetValue<string>() == "Ready");
                if (value["metadata"]!["name"]!.GetValue<string>().Contains(mark, StringComparison.Ordinal)
                    && (ready?["status"]!.GetValue<string>() != "True" || ready["observedGeneration"]?.ToString() != value["metadata"]!["generation"]!.ToString()))
                {
                    return false;
                }
            }
        }

        return true;
    }

    private static void Flatten(string path, JsonNode? node, List<string> lines)
    {
        switch (node)
        {
            case JsonObject value:
                foreach (var (name, below) in value.Where(m => !Changing.Contains(m.Key)))
                {
                    Flatten($"{path}.{name}", below, lines);
                }

                break;
            case JsonArray list:
                for (var i = 0; i < list.Count; i++)
                {
                    Flatten($"{path}[{(list[i] as JsonObject)?["type"]?.ToString() ?? $"{i}"}]", list[i], lines);
                }

                break;
            default:
                lines.Add($"{path}: {node?.ToJsonString()}");
                break;
        }
    }

    private static string Mask(string text, OperatorWorld world)
    {
        text = text.Replace(world.Git.Folder, "<repository>", StringComparison.Ordinal).Replace(world.Mark, "<mark>", StringComparison.Ordinal);
        for (var i = 0; i < world.Commits.Count; i++)
        {
            text = text.Replace(world.Commits[i], $"<commit {i}>", StringComparison.Ordinal).Replace(world.Commits[i][..8], $"<commit {i}>", StringComparison.Ordinal);
        }

        return Times().Replace(text, "<time>");
    }

    [GeneratedRegex(@"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[0-9.]*(Z|\\u002B00:00|\+00:00)")]
    private static partial Regex Times();
}

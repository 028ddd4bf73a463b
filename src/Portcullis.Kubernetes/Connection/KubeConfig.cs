using System.Text.Json.Nodes;
using Portcullis.Objects.Json;

namespace Portcullis.Kubernetes.Connection;

/// <summary>
/// Reads kubeconfig as kubectl does: the files of the <c>KUBECONFIG</c> list merged so that the first value of a field wins,
/// relative paths resolved beside the file that names them.
/// </summary>
public static class KubeConfig
{
    /// <summary>
    /// The connection a program uses when none is configured: the given file, else <c>KUBECONFIG</c>, else the pod's service account,
    /// else <c>~/.kube/config</c>.
    /// </summary>
    /// <exception cref="KubeConfigException">There is none, or it is not usable; the message says what to do.</exception>
    public static KubernetesConnection LoadDefault(string? path = null, string? context = null, TimeProvider? time = null)
    {
        time ??= TimeProvider.System;
        if (!string.IsNullOrEmpty(path))
        {
            return Load([path], context, time);
        }

        var list = (Environment.GetEnvironmentVariable("KUBECONFIG") ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (list.Length > 0)
        {
            return Load(list, context, time);
        }

        var home = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".kube", "config");
        return InCluster.Load(time) ?? (File.Exists(home)
            ? Load([home], context, time)
            : throw new KubeConfigException(
                $"No Kubernetes API server is configured: pass --kubeconfig, set KUBECONFIG, run in a pod, or write {home}."));
    }

    /// <summary>Merges these files. One of several may be missing; a single one must be there.</summary>
    /// <exception cref="KubeConfigException">Nothing usable; the message names file and place.</exception>
    public static KubernetesConnection Load(IReadOnlyList<string> paths, string? context = null, TimeProvider? time = null)
    {
        var files = paths.Where(p => paths.Count == 1 || File.Exists(p)).Select(KubeConfigFile.Read).ToList();
        var where = string.Join(Path.PathSeparator, paths);
        var name = context ?? files.Select(f => f.CurrentContext).FirstOrDefault(c => !string.IsNullOrEmpty(c))
            ?? throw new KubeConfigException($"{where}: current-context is not set. Set it with 'kubectl config use-context'.");
        var chosen = Find(files, "contexts", "context", name)
            ?? throw new KubeConfigException($"{where}: there is no context '{name}'.");
        var clusterName = chosen.Value.String("cluster") ?? "";
        var cluster = Find(files, "clusters", "cluster", clusterName)
            ?? throw new KubeConfigException($"{where}: context '{name}' refers to the cluster '{clusterName}', which does not exist.");
        var userName = chosen.Value.String("user") ?? "";
        var user = userName.Length == 0
            ? new KubeConfigEntry([], cluster.Folder, where)
            : Find(files, "users", "user", userName)
                ?? throw new KubeConfigException($"{where}: context '{name}' refers to the user '{userName}', which does not exist.");
        return KubeConfigReader.Connection(cluster, user, time ?? TimeProvider.System);
    }

    private static KubeConfigEntry? Find(List<KubeConfigFile> files, string list, string member, string name)
    {
        foreach (var file in files)
        {
            foreach (var item in (file.Root.Array(list) ?? []).OfType<JsonObject>())
            {
                if (item.String("name") == name)
                {
                    return new KubeConfigEntry(item.Object(member) ?? [], file.Folder, file.Path);
                }
            }
        }

        return null;
    }
}

/// <summary>A kubeconfig that cannot be used. The message never holds a credential.</summary>
public sealed class KubeConfigException(string message, Exception? inner = null) : Exception(message, inner);

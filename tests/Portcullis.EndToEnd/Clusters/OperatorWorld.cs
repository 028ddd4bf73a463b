using System.Security.Cryptography;
using Portcullis.Core.Sources;
using Portcullis.EndToEnd.Programs;
using Portcullis.Testing;
using Portcullis.Testing.Clusters;
using Portcullis.Testing.Faults;
using Portcullis.Testing.Git;

namespace Portcullis.EndToEnd.Clusters;

/// <summary>
/// A cluster with config/ installed, a proxy before it, a repository, and the operator as a process that holds its ServiceAccount's
/// token. Every name has the mark in it, so that it can share a cluster.
/// </summary>
internal sealed class OperatorWorld : IAsyncDisposable
{
    private static readonly string[] Ports = ["--health-port", "--metrics-port", "--receiver-port"];
    private readonly Lock _turns = new();
    private string _kubeconfig = "";

    private OperatorWorld(TestCluster cluster, Installation installation, FaultProxy proxy)
    {
        Cluster = cluster;
        Installation = installation;
        Proxy = proxy;
        Folder = Directory.CreateTempSubdirectory("pw-").FullName;
        Kubectl = new Kubectl(cluster.KubeconfigPath);
        Git.SetEnvironment("GIT_AUTHOR_DATE", "2026-01-01T00:00:00Z");
        Git.SetEnvironment("GIT_COMMITTER_DATE", "2026-01-01T00:00:00Z");
    }

    public string Mark { get; } = $"t{RandomNumberGenerator.GetHexString(6, lowercase: true)}";

    public string Root => $"root-{Mark}";

    public TestCluster Cluster { get; }

    public Installation Installation { get; }

    public FaultProxy Proxy { get; }

    public GitWorkspace Git { get; } = new();

    public string Folder { get; }

    /// <summary>A cluster administrator's, not by way of the proxy.</summary>
    public Kubectl Kubectl { get; }

    /// <summary>Every commit so far, oldest first.</summary>
    public List<string> Commits { get; } = [];

    public static async Task<OperatorWorld> StartAsync()
    {
        var cluster = await TestCluster.StartAsync();
        var installation = await Installation.ApplyAsync(cluster);
        var world = new OperatorWorld(cluster, installation, await FaultProxy.StartAsync(cluster.Connection));
        world._kubeconfig = await installation.OperatorKubeconfigAsync(Path.Combine(world.Folder, "operator.kubeconfig"), world.Proxy.Address);
        return world;
    }

    public void Commit(string message) => Commits.Add(Git.Commit(message));

    /// <summary>Commits one file, or its removal; several at once take turns.</summary>
    public void Change(string path, string? content)
    {
        lock (_turns)
        {
            _ = content is null ? Git.Remove(path) : Git.Write(path, content);
            Git.Commit($"Change {path}");
        }
    }

    /// <summary>Under the same name each time, as a container that is started again in its pod. It listens on the ports that are named, and nowhere else.</summary>
    public PortcullisProcess StartOperator(params string[] more) =>
        Start("the-pod", ["--root-url", Git.Folder, "--allow-local-repositories", .. more]);

    /// <summary>The manifest of the root source, for copies that are not started with its URL alone.</summary>
    public string RootFile => Path.Combine(Folder, "root.yaml");

    /// <summary>A copy of its own name and cache, on the root source of <see cref="RootFile"/>.</summary>
    public PortcullisProcess StartReplica(string identity, params string[] more) => Start(identity, ["--root-file", RootFile, .. more]);

    private PortcullisProcess Start(string identity, params string[] more) => PortcullisProcess.Start(
    [
        "operator", "--kubeconfig", _kubeconfig, "--identity", identity, "--root-source", Root, "--cache", Path.Combine(Folder, $"cache-{identity}"),
        .. Ports.Except(more).SelectMany(port => (string[])[port, "0"]), .. more,
    ]);

    /// <summary>Until the root source is at the commit.</summary>
    public Task AppliedAsync(string commit) => Eventually.HoldsAsync(
        async () => (await Cluster.Client.GetAsync(GitSource.Definition, ObjectKey.Cluster(Root), CancellationToken.None))?["status"]?["lastAppliedCommit"]?.GetValue<string>() == commit,
        TimeSpan.FromSeconds(60),
        $"{Root} to be at {commit}");

    public async ValueTask DisposeAsync()
    {
        await Proxy.DisposeAsync();
        await Cluster.DisposeAsync();
        Git.Dispose();
        Directory.Delete(Folder, recursive: true);
    }
}

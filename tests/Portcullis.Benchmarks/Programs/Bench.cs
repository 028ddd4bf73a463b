using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Portcullis.Bootstrap;
using Portcullis.Core;
using Portcullis.Core.Sources;
using Portcullis.Kinds;
using Portcullis.Kubernetes.Client;
using Portcullis.Kubernetes.Connection;
using Portcullis.Kubernetes.Http;
using Portcullis.Testing;
using Portcullis.Testing.Engines;
using Portcullis.Testing.Git;

namespace Portcullis.Benchmarks.Programs;

/// <summary>The ground of a benchmark: the embedded API in its own process, the kinds in it, a Git repository, and a client.</summary>
internal sealed class Bench : IAsyncDisposable
{
    public const string Source = "root";
    private static readonly string[] Ports = ["--health-port", "--metrics-port", "--receiver-port"];
    private readonly BuiltProgram _api;

    private Bench(string folder, BuiltProgram api, string kubeconfig)
    {
        Folder = folder;
        _api = api;
        Kubeconfig = kubeconfig;
        Client = KubernetesClientFactory.Create(KubeConfig.LoadDefault(kubeconfig));
    }

    public string Folder { get; }

    public string Kubeconfig { get; }

    public KubernetesClient Client { get; }

    /// <summary>Resident size of the API's process in MB.</summary>
    public double ApiResidentMegabytes => _api.ResidentMegabytes;

    public GitWorkspace Git { get; } = new();

    /// <summary>The bare repository that <see cref="Git"/> pushes to, as a forge keeps it.</summary>
    public string Origin => Path.Combine(Folder, "origin.git");

    private string RootFile => Path.Combine(Folder, "root.yaml");

    public static async Task<Bench> StartAsync()
    {
        var folder = Directory.CreateTempSubdirectory("pb-").FullName;
        var api = BuiltProgram.Start("apiserver", "--state", Path.Combine(folder, "api"));
        var kubeconfig = (await api.SaysAsync("export KUBECONFIG=")).Split('=', 2)[1];
        var bench = new Bench(folder, api, kubeconfig);
        await new ClusterBootstrap(bench.Client, Catalog.Default.Kinds, TimeProvider.System).ApplyAsync(CancellationToken.None);
        bench.Git.Git("init", "--quiet", "--bare", "--initial-branch=main", bench.Origin);
        return bench;
    }

    /// <summary>The operator in its own process, on this API or on a proxy before it. It listens only on the ports that <paramref name="more"/> names.</summary>
    public BuiltProgram StartOperator(string? kubeconfig = null, params string[] more) => BuiltProgram.Start(
    [
        "operator", "--kubeconfig", kubeconfig ?? Kubeconfig, "--leader-elect", "false", "--allow-local-repositories",
        "--root-file", RootFile, "--cache", Path.Combine(Folder, "cache"), .. Ports.Except(more).SelectMany(port => (string[])[port, "0"]), .. more,
    ]);

    /// <summary>An operator that acts upon what is written to the API by hand too: for what is measured from that write on.</summary>
    public BuiltProgram StartTryingOperator() => StartOperator(null, "--admission", "local", "--admission-port", "0", "--edits", "Revert", "--allow-undeclared");

    /// <summary>Makes a branch of the origin stand for a commit of the work tree; its objects are sent before the ref moves.</summary>
    public void Push(string commit, string branch = "main") => Git.Git("push", "--quiet", "--force", Origin, $"{commit}:refs/heads/{branch}");

    /// <summary>Declares the root source on this repository, the work tree's own if none is named.</summary>
    public Task FollowAsync(string interval = "10m", string? url = null, int prune = 20) => FollowAsync(
        new JsonObject { ["url"] = url ?? Git.Folder, ["interval"] = interval, ["prune"] = new JsonObject { ["maxCount"] = prune } });

    /// <summary>Declares the root source; an operator that runs already sees it within two seconds.</summary>
    public Task FollowAsync(JsonObject spec) => File.WriteAllTextAsync(RootFile, new JsonObject
    {
        ["apiVersion"] = GitSource.Definition.ApiVersion,
        ["kind"] = GitSource.Definition.Kind,
        ["metadata"] = new JsonObject { ["name"] = Source },
        ["spec"] = spec,
    }.ToJsonString());

    /// <summary>An operator that has applied one namespace from the repository and waits for more.</summary>
    public async Task<BuiltProgram> StartFollowingAsync()
    {
        Push(Git.Write("first.json", NamespaceNamed("first").ToJsonString()).Commit());
        var program = StartOperator();
        await FollowAsync(url: Origin);
        await AppliedAsync(Git.Head);
        return program;
    }

    /// <summary>
    /// Commits what was written and takes the time from the ref moving, which is what starts the operator, until something holds. The objects are sent
    /// beforehand.
    /// </summary>
    public async Task<TimeSpan> TimeFromRefAsync(Func<Task> until)
    {
        var commit = Git.Commit();
        Push(commit, "next");
        var started = TimeProvider.System.GetTimestamp();
        Git.Git("--git-dir", Origin, "update-ref", "refs/heads/main", commit);
        await until();
        return TimeProvider.System.GetElapsedTime(started);
    }

    /// <summary>Declares these objects in Git, a hundred a file, and the root source on them.</summary>
    public async Task DeclareAsync(string name, IEnumerable<JsonObject> objects)
    {
        foreach (var (file, part) in objects.Chunk(100).Index())
        {
            Git.Write($"{name}/{file.ToString(CultureInfo.InvariantCulture)}.yaml", Sample.File(part));
        }

        Push(Git.Commit($"Declare {name}"));
        await FollowAsync(url: Origin);
    }

    /// <summary>Until the source is Ready at this commit.</summary>
    public Task AppliedAsync(string commit, TimeSpan? within = null) => Eventually.HoldsAsync(
        async () =>
        {
            var source = await Client.GetAsync(GitSource.Definition, ObjectKey.Cluster(Source), CancellationToken.None);
            return source?["status"]?["lastAppliedCommit"]?.GetValue<string>() == commit;
        },
        within ?? TimeSpan.FromMinutes(5));

    /// <summary>How many objects of a kind are Ready.</summary>
    public async Task<int> CountReadyAsync(ApiResource resource)
    {
        var all = await Client.Collection(resource, new ListOptions()).ListWholeAsync(CancellationToken.None);
        return all.Items.Count(item =>
        {
            using var value = JsonDocument.Parse(item);
            return value.RootElement.TryGetProperty("status", out var status)
                && status.TryGetProperty("conditions", out var conditions)
                && conditions.EnumerateArray().Any(c => c.GetProperty("type").GetString() == "Ready" && c.GetProperty("status").GetString() == "True");
        });
    }

    public Task MakeNamespaceAsync(string name) => Client.ApplyAsync(
        ClusterKinds.Namespace, NamespaceNamed(name), new WriteOptions("benchmark"), CancellationToken.None);

    private static JsonObject NamespaceNamed(string name) =>
        new() { ["apiVersion"] = "v1", ["kind"] = "Namespace", ["metadata"] = new JsonObject { ["name"] = name } };

    public async ValueTask DisposeAsync()
    {
        await _api.DisposeAsync();
        Git.Dispose();
        EngineFolder.Delete(Folder);
    }
}

using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Portcullis.Core;
using Portcullis.EndToEnd.Clusters;
using Portcullis.EndToEnd.Programs;
using Portcullis.Kubernetes.Client;
using Portcullis.Testing;
using Portcullis.Testing.Clusters;

namespace Portcullis.EndToEnd.Life;

/// <summary>
/// A cluster with the whole of config/, applied with kubectl as a user does, an operator that works as a process, and what it makes of a
/// repository: namespaces in Collections with every guardrail, an isolated node, Grants, an AccessRole.
/// </summary>
internal sealed class InstalledSite : IAsyncDisposable
{
    private readonly OperatorWorld _world;

    private InstalledSite(OperatorWorld world) => _world = world;

    public Kubectl Kubectl => _world.Kubectl;

    public string Mark => _world.Mark;

    public string Node => $"node-{Mark}";

    public PortcullisProcess Operator { get; private set; } = null!;

    public static string Config => RepositoryFolder.Combine("config");

    /// <param name="namespaces">How many namespaces the Collections have together.</param>
    public static async Task<InstalledSite> StartAsync(int namespaces)
    {
        Kubectl.SkipWhenMissing();
        var site = new InstalledSite(await OperatorWorld.StartAsync());
        await site.Kubectl.AskAsync("apply", "--server-side", "--force-conflicts", "-k", Config);
        await site._world.Cluster.ApplyAsync(Manifests.RoleForOperator(site.Mark));
        await site._world.Cluster.ApplyAsync($"apiVersion: v1\nkind: Node\nmetadata:\n  name: {site.Node}\n  labels: {{test: {site.Node}}}\nspec:\n  taints: [{{key: theirs, effect: NoSchedule}}]\n");
        site.Declare(namespaces);
        site.Operator = site._world.StartOperator("--apply-crds", "--admission", "local", "--admission-port", "0");
        await site._world.AppliedAsync(site._world.Commits[0]);
        await Eventually.HoldsAsync(() => WorldPicture.IsReadyAsync(site._world.Cluster, site.Mark), TimeSpan.FromSeconds(180), "everything to be ready");
        await Eventually.HoldsAsync(async () => (await site.NamesAsync(ClusterKinds.ValidatingWebhook)).Contains("portcullis"), TimeSpan.FromSeconds(60), "the webhooks to be registered");
        return site;
    }

    public string NamespaceOf(int index) => string.Create(CultureInfo.InvariantCulture, $"{Mark}-{index}");

    /// <summary>Whether a pod may be made in a namespace of a Collection; the reason when not.</summary>
    public async Task<string> RefusalAsync(int index)
    {
        // Where there is no controller for it, nobody made the namespace's ServiceAccount.
        await Kubectl.RunAsync("create", "serviceaccount", "default", "-n", NamespaceOf(index));
        return (await Kubectl.RunAsync("run", "probe", "--image=registry.example.com/probe", "-n", NamespaceOf(index), "--dry-run=server")).Error;
    }

    /// <summary>One on an administrator's machine, not bound to what config/rbac gives; without an election, it acts at once.</summary>
    public PortcullisProcess StartOutsideOperator() => PortcullisProcess.Start(
        "operator", "--apply-crds", "--leader-elect", "false", "--kubeconfig", Kubectl.Kubeconfig, "--root-source", _world.Root, "--cache", Path.Combine(_world.Folder, "outside"),
        "--health-port", "0", "--metrics-port", "0", "--receiver-port", "0");

    /// <summary><c>portcullis uninstall</c> as the cluster's administrator, and how long it took.</summary>
    public async Task<(int Code, string Output, string Error, TimeSpan Took)> UninstallAsync(params string[] more)
    {
        var started = Stopwatch.GetTimestamp();
        var (code, output, error) = await PortcullisProcess.RunAsync(["uninstall", "--kubeconfig", Kubectl.Kubeconfig, .. more]);
        return (code, output, error, Stopwatch.GetElapsedTime(started));
    }

    public async Task<List<JsonObject>> ListAsync(ApiResource kind)
    {
        var found = new List<JsonObject>();
        try
        {
            await foreach (var one in _world.Cluster.Client.ListAsync(kind, new ListOptions(), CancellationToken.None))
            {
                found.Add(one);
            }
        }
        catch (KubernetesApiException e) when (e.IsNotFound)
        {
            // Its CRD is gone.
        }

        return found;
    }

    public async Task<List<string>> NamesAsync(ApiResource kind) => [.. (await ListAsync(kind)).Select(o => o["metadata"]!["name"]!.GetValue<string>())];

    public Task ApplyAsync(string yaml) => _world.Cluster.ApplyAsync(yaml);

    public async ValueTask DisposeAsync()
    {
        await Operator.DisposeAsync();
        if (TestCluster.IsNamed)
        {
            // Others go on with it.
            await Installation.ApplyAsync(_world.Cluster);
        }

        await _world.DisposeAsync();
    }

    private void Declare(int namespaces)
    {
        _world.Git.Write("org.yaml", Manifests.Organization($"acme-{Mark}", "web", "ann", "bert"));
        _world.Git.Write("role.yaml", Manifests.Role($"watcher-{Mark}"));
        _world.Git.Write("collection.yaml", Collection(Enumerable.Range(0, namespaces).Select(NamespaceOf)));
        _world.Git.Write("look.yaml", Manifests.Grant($"look-{Mark}", "Team", $"acme-{Mark}/web", $"watcher-{Mark}", $"/{Mark}"));
        _world.Git.Write("work.yaml", Manifests.Grant($"work-{Mark}", "User", "carl", "RestrictedControl", $"/{Mark}") + "  expiresAt: 2035-10-31T23:59:59Z\n");
        _world.Commit("Declare");
    }

    private string Collection(IEnumerable<string> namespaces) => $"""
        apiVersion: portcullis.dev/v1alpha1
        kind: Collection
        metadata:
          name: all-{Mark}
        spec:
          path: /{Mark}
          namespaces:
        {string.Join('\n', namespaces.Select(n => $"    - name: {n}"))}
          nodes:
            names: [{Node}]
          guardrails:
            podSecurity: Baseline
            nodeIsolation: true
            networkIsolation: Subtree
            resourceQuota:
              hard:
                pods: "20"
            limitRange:
              limits:
                - type: Container
                  default:
                    memory: 64Mi

        """;
}

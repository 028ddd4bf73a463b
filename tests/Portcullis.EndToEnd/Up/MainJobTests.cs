using System.Text.Json.Nodes;
using Portcullis.EndToEnd.Programs;
using Portcullis.Testing;
using Portcullis.Testing.Engines;
using Portcullis.Testing.Git;

namespace Portcullis.EndToEnd.Up;

/// <summary>
/// The main job, as one story told in order: a commit shapes a cluster and hardens an Engine, hands that meddle are undone by name,
/// a wrong line stays out, and what leaves Git leaves the cluster. Real git, real kubectl, real dockerd.
/// </summary>
[TestFixture]
[NonParallelizable]
internal sealed class MainJobTests : IAsyncDisposable
{
    private readonly string _state = Directory.CreateTempSubdirectory("pm-").FullName;
    private readonly GitWorkspace _git = new();
    private PortcullisProcess? _up;
    private Kubectl _kubectl = null!;

    private string DaemonJson => Path.Combine(_state, "engine", "daemon.json");

    [OneTimeSetUp]
    public async Task CommitAndStart()
    {
        Kubectl.SkipWhenMissing();
        if (DockerEngine.Missing is { } reason)
        {
            Assert.Ignore(reason);
        }

        _git.Write("org.yaml", Manifests.Organization("acme", "web", "ann", "bert"));
        _git.Write("production.yaml", Manifests.Collection("production", "/production", "shop"));
        _git.Write("mobile.yaml", Manifests.Collection("mobile", "/production/mobile", "mobile-api"));
        _git.Write("look.yaml", Manifests.Grant("look", "Team", "acme/web", "ViewOnly", "/production"));
        _git.Write("engines.yaml", Manifests.Hardening("engines", 6));
        _git.Commit("Declare everything");
        await StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_up is not null)
        {
            await _up.DisposeAsync();
        }

        _git.Dispose();
        EngineFolder.Delete(_state);
    }

    [Test]
    [Order(1)]
    public async Task A_commit_makes_namespaces_guardrails_and_bindings_and_kubectl_shows_them_ready()
    {
        await ReadyAsync("collections/production", "collections/mobile", "grants/look", "nodehardenings/engines");
        var quota = await _kubectl.AskAsync("get", "resourcequota", "-n", "shop", "-o", "jsonpath={.items[0].spec.hard.pods}");
        var level = await _kubectl.AskAsync("get", "namespace", "mobile-api", "-o", "jsonpath={.metadata.labels.pod-security\\.kubernetes\\.io/enforce}");
        var table = await _kubectl.AskAsync("get", "portcullis");
        Assert.Multiple(() =>
        {
            Assert.That(quota, Is.EqualTo("20"));
            Assert.That(level, Is.EqualTo("baseline"));
            Assert.That(table, Does.Contain("READY").And.Contain("STATUS").And.Contain("AGE").And.Contain("/production/mobile").And.Contain("collection.portcullis.dev/production"));
        });
    }

    [Test]
    [Order(2)]
    public async Task Can_i_answers_as_the_grants_say()
    {
        Assert.Multiple(async () =>
        {
            Assert.That(await _kubectl.CanAsync("ann", "list", "pods", "-n", "shop"), Is.True);
            Assert.That(await _kubectl.CanAsync("bert", "get", "pods", "-n", "mobile-api"), Is.True, "a grant reaches what is below");
            Assert.That(await _kubectl.CanAsync("ann", "delete", "pods", "-n", "shop"), Is.False);
            Assert.That(await _kubectl.CanAsync("ann", "list", "pods", "-n", "default"), Is.False);
            Assert.That(await _kubectl.CanAsync("eve", "list", "pods", "-n", "shop"), Is.False);
        });
    }

    [Test]
    [Order(3)]
    public async Task A_running_engine_has_the_new_file_in_force()
    {
        await Eventually.HoldsAsync(async () => await ProgramAsync("docker", "-H", $"unix://{_state}/engine/docker.sock", "info", "--format", "{{.LiveRestoreEnabled}}") == "true");
        Assert.That(JsonNode.Parse(await File.ReadAllTextAsync(DaemonJson))!["max-concurrent-downloads"]!.GetValue<int>(), Is.EqualTo(6));
    }

    [Test]
    [Order(4)]
    public async Task A_binding_deleted_by_hand_comes_back_and_the_event_names_who_it_was()
    {
        var name = (await _kubectl.AskAsync("get", "rolebindings", "-n", "shop", "-l", "app.kubernetes.io/managed-by=portcullis", "-o", "name")).Split('\n')[0];
        var uid = await _kubectl.AskAsync("get", name, "-n", "shop", "-o", "jsonpath={.metadata.uid}");
        await _kubectl.AskAsync("create", "clusterrolebinding", "mallory", "--clusterrole=cluster-admin", "--user=mallory");
        await _kubectl.AskAsync("delete", name, "-n", "shop", "--as", "mallory");
        await Eventually.HoldsAsync(async () =>
            (await _kubectl.RunAsync("get", name, "-n", "shop", "-o", "jsonpath={.metadata.uid}")) is { Code: 0, Output: var now } && now != uid);
        await Eventually.HoldsAsync(async () => (await _kubectl.AskAsync("get", "events", "-A", "-o", "jsonpath={.items[*].message}{.items[*].note}")).Contains("mallory", StringComparison.Ordinal));
    }

    [Test]
    [Order(5)]
    public async Task A_label_and_a_file_edited_by_hand_are_put_back()
    {
        await _kubectl.AskAsync("label", "namespace", "shop", "pod-security.kubernetes.io/enforce=privileged", "--overwrite");
        var file = JsonNode.Parse(await File.ReadAllTextAsync(DaemonJson))!.AsObject();
        file["max-concurrent-downloads"] = 1;
        file["debug"] = true;
        await File.WriteAllTextAsync(DaemonJson, file.ToJsonString());
        await Eventually.HoldsAsync(async () =>
            await _kubectl.AskAsync("get", "namespace", "shop", "-o", "jsonpath={.metadata.labels.pod-security\\.kubernetes\\.io/enforce}") == "baseline");
        await Eventually.HoldsAsync(() => JsonNode.Parse(File.ReadAllText(DaemonJson))?["max-concurrent-downloads"]?.GetValue<int>() == 6);
        Assert.That(JsonNode.Parse(await File.ReadAllTextAsync(DaemonJson))!["debug"]!.GetValue<bool>(), Is.True, "a key that is not ours survives");
    }

    [Test]
    [Order(6)]
    public async Task A_wrong_line_keeps_the_whole_revision_out_and_the_status_names_it()
    {
        var before = await SourceAsync("{.status.lastAppliedCommit}");
        _git.Write("staging.yaml", Manifests.Collection("staging", "/staging", "shop-staging"));
        _git.Write("bad.yaml", Manifests.Grant("bad", "Team", "acme/web", "ViewOnly", "/no/such/collection"));
        _git.Commit("A good file and a wrong one");
        await Eventually.HoldsAsync(async () => (await SourceAsync("{.status.conditions[?(@.type==\"Ready\")].message}")).Contains("bad.yaml:", StringComparison.Ordinal));
        Assert.That(await SourceAsync("{.status.lastAppliedCommit}"), Is.EqualTo(before));
        Assert.That((await _kubectl.RunAsync("get", "collection", "staging")).Code, Is.Not.Zero);
    }

    [Test]
    [Order(7)]
    public async Task What_leaves_git_leaves_the_cluster_but_never_a_namespace_with_its_workloads()
    {
        _git.Remove("bad.yaml").Remove("look.yaml");
        _git.Commit("Nobody looks any more");
        await Eventually.HoldsAsync(async () => (await _kubectl.RunAsync("get", "grant", "look")).Code != 0);
        await Eventually.HoldsAsync(async () => !await _kubectl.CanAsync("ann", "list", "pods", "-n", "shop"));
        await ReadyAsync("collections/staging");
        _git.Remove("staging.yaml").Commit("No staging");
        await Eventually.HoldsAsync(async () => (await _kubectl.RunAsync("get", "collection", "staging")).Code != 0);
        Assert.That((await _kubectl.RunAsync("get", "namespace", "shop-staging")).Code, Is.Zero);
    }

    [Test]
    [Order(8)]
    public async Task A_restart_after_a_kill_continues_and_undoes_what_was_done_meanwhile()
    {
        await _up!.KillAsync();
        await _up.DisposeAsync();
        await Eventually.HoldsAsync(() => ProcessTable.Mentioning(_state).Count == 0, TimeSpan.FromSeconds(40));
        var file = JsonNode.Parse(await File.ReadAllTextAsync(DaemonJson))!.AsObject();
        file["max-concurrent-downloads"] = 2;
        await File.WriteAllTextAsync(DaemonJson, file.ToJsonString());
        _git.Write("look.yaml", Manifests.Grant("look", "User", "bert", "ViewOnly", "/production")).Commit("Bert looks");
        await StartAsync();
        await Eventually.HoldsAsync(() => _kubectl.CanAsync("bert", "list", "pods", "-n", "shop"), TimeSpan.FromSeconds(60));
        await Eventually.HoldsAsync(() => JsonNode.Parse(File.ReadAllText(DaemonJson))?["max-concurrent-downloads"]?.GetValue<int>() == 6, TimeSpan.FromSeconds(60));
    }

    private async Task StartAsync()
    {
        _up = PortcullisProcess.Start("up", "--source", _git.Folder, "--state", _state, "--without", "registry", "notary");
        _kubectl = new Kubectl(await _up.SaysAsync("export KUBECONFIG="));
    }

    private async Task ReadyAsync(params string[] resources)
    {
        foreach (var resource in resources)
        {
            await Eventually.HoldsAsync(
                async () => (await _kubectl.RunAsync("get", resource, "-o", "jsonpath={.status.conditions[?(@.type==\"Ready\")].status}")).Output == "True",
                TimeSpan.FromSeconds(90),
                $"{resource} is Ready");
        }
    }

    private Task<string> SourceAsync(string path) => _kubectl.AskAsync("get", "gitsource", "root", "-o", $"jsonpath={path}");

    private static async Task<string> ProgramAsync(string program, params string[] arguments)
    {
        using var process = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return output.Trim();
    }
}

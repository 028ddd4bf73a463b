using System.Text.Json.Nodes;
using Portcullis.EndToEnd.Programs;
using Portcullis.Testing;
using Portcullis.Testing.Engines;
using Portcullis.Testing.Git;

namespace Portcullis.EndToEnd.Up;

/// <summary><c>portcullis up</c> as a process: what it starts, what it leaves, what it says.</summary>
[TestFixture]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class UpTests : IDisposable
{
    private readonly string _state = Directory.CreateTempSubdirectory("pu-").FullName;
    private readonly GitWorkspace _git = new();

    public void Dispose()
    {
        _git.Dispose();
        EngineFolder.Delete(_state);
    }

    [Test]
    public async Task Once_converges_on_the_examples_with_a_real_engine_and_a_second_run_continues()
    {
        SkipWithoutEngine();
        CopyExamples();
        var (code, output, error) = await OnceAsync("--output", "json");
        Assert.That(code, Is.Zero, output + error);
        var rows = JsonNode.Parse(output)!.AsArray();
        Assert.That(rows.Select(r => r!["state"]!.GetValue<string>()), Is.All.EqualTo("Ready"));
        Assert.That(rows.Select(r => r!["kind"]!.GetValue<string>()), Is.SupersetOf(
            new[] { "GitSource", "Organization", "AccessRole", "Collection", "Grant", "NodeHardening", "NodeReport" }));
        var daemonJson = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(_state, "engine", "daemon.json")))!;
        Assert.That(daemonJson["live-restore"]!.GetValue<bool>(), Is.True);
        Assert.That(ProcessTable.Mentioning(_state), Is.Empty, "it must stop everything that it started");
        Assert.That(await File.ReadAllTextAsync("/proc/self/mounts"), Does.Not.Contain(_state), "the folder must be removable");

        var created = rows.ToDictionary(r => $"{r!["kind"]}/{r["name"]}", r => r!["created"]!.GetValue<string>());
        (code, output, error) = await OnceAsync("--output", "json");
        Assert.That(code, Is.Zero, output + error);
        Assert.That(JsonNode.Parse(output)!.AsArray().ToDictionary(r => $"{r!["kind"]}/{r["name"]}", r => r!["created"]!.GetValue<string>()), Is.EqualTo(created));
    }

    [Test]
    public async Task Once_names_what_is_not_ready_and_ends_with_1()
    {
        _git.Write("staging.yaml", Manifests.Collection("staging", "/staging", "shop-staging"));
        _git.Write("grant.yaml", Manifests.Grant("g", "User", "ann", "NoSuchRole", "/staging"));
        _git.Commit();
        var (code, output, error) = await OnceAsync("--without", "engine", "registry", "notary", "--within", "30");
        Assert.That(code, Is.EqualTo(1), output + error);
        Assert.That(error, Does.Contain("not ready: GitSource/root").And.Contain("grant.yaml:"));
    }

    [Test]
    public async Task Its_children_end_with_it_even_when_it_is_killed()
    {
        SkipWithoutEngine();
        _git.Write("staging.yaml", Manifests.Collection("staging", "/staging", "shop-staging")).Commit();
        await using var up = PortcullisProcess.Start("up", "--source", _git.Folder, "--state", _state);
        await up.SaysAsync("export KUBECONFIG=");
        await Eventually.HoldsAsync(() => ProcessTable.Mentioning(Path.Combine(_state, "engine")).Count > 0);
        await up.KillAsync();
        await Eventually.HoldsAsync(() => ProcessTable.Mentioning(_state).Count == 0, TimeSpan.FromSeconds(40));
    }

    [Test]
    public async Task A_second_run_on_the_same_state_is_refused_and_the_first_goes_on()
    {
        _git.Write("staging.yaml", Manifests.Collection("staging", "/staging", "shop-staging")).Commit();
        await using var first = PortcullisProcess.Start("up", "--source", _git.Folder, "--state", _state, "--without", "engine", "registry", "notary");
        await first.SaysAsync("export KUBECONFIG=");
        var (code, _, error) = await OnceAsync();
        Assert.That(code, Is.EqualTo(2));
        Assert.That(error, Does.Contain("another portcullis up is using"));
        Assert.That(first.HasExited, Is.False);
        first.Signal("INT");
        Assert.That(await first.EndAsync(), Is.Zero);
    }

    [Test]
    public async Task A_source_that_is_no_repository_is_wrong_input()
    {
        var (code, _, error) = await PortcullisProcess.RunAsync("up", "--source", "/no/such/repository", "--state", _state);
        Assert.That(code, Is.EqualTo(2));
        Assert.That(error, Does.Contain("/no/such/repository is not a Git repository"));
    }

    private static void SkipWithoutEngine()
    {
        if (DockerEngine.Missing is { } reason)
        {
            Assert.Ignore(reason);
        }
    }

    private Task<(int Code, string Output, string Error)> OnceAsync(params string[] more) =>
        PortcullisProcess.RunAsync(["up", "--source", _git.Folder, "--state", _state, "--once", .. more]);

    private void CopyExamples()
    {
        var examples = RepositoryFolder.Combine("examples");
        foreach (var file in Directory.EnumerateFiles(examples, "*.yaml", SearchOption.AllDirectories))
        {
            _git.Write(Path.GetRelativePath(examples, file), File.ReadAllText(file));
        }

        _git.Commit("Declare the company");
    }
}

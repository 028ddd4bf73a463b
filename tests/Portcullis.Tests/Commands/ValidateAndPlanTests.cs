using System.Text.Json.Nodes;
using Portcullis.Commands;
using Portcullis.Testing.Git;
using Portcullis.Tests.Sources;

namespace Portcullis.Tests.Commands;

/// <summary><c>portcullis validate</c> and <c>portcullis plan</c>, as a merge request's pipeline runs them.</summary>
internal sealed class ValidateAndPlanTests
{
    private GitWorkspace _git = null!;

    [SetUp]
    public void SetUp() => _git = new GitWorkspace();

    [TearDown]
    public void TearDown() => _git.Dispose();

    [Test]
    public async Task Valid_manifests_exit_0()
    {
        _git.Write("a.yaml", SourceWorld.ConfigMap("a"));

        Assert.That(await RunAsync("validate", _git.Folder), Is.EqualTo((0, "1 object in 1 file, all valid\n", "")));
    }

    [Test]
    public async Task Every_problem_is_told_with_file_and_line_and_exits_1()
    {
        _git.Write("a.yaml", SourceWorld.ConfigMap("a") + "---\nkind: X\n").Write("b.yaml", SourceWorld.ConfigMap("a")).Write("c.yaml", "a: [\n");

        var (exit, output, _) = await RunAsync("validate", _git.Folder);
        var (_, json, _) = await RunAsync("validate", _git.Folder, "--output", "json");

        Assert.Multiple(() =>
        {
            Assert.That(exit, Is.EqualTo(1));
            Assert.That(output, Does.Contain("a.yaml:9: has no apiVersion").And.Contain("b.yaml:1: ConfigMap work/a is declared a second time").And.Contain("c.yaml:"));
            Assert.That(JsonNode.Parse(json)!["problems"]!.AsArray(), Has.Count.EqualTo(3));
            Assert.That(JsonNode.Parse(json)!["problems"]![0]!["line"]!.GetValue<int>(), Is.EqualTo(9));
        });
    }

    [Test]
    public async Task Objects_of_a_kind_that_the_folder_itself_defines_are_checked_by_it()
    {
        _git.Write("crd.yaml", """
            apiVersion: apiextensions.k8s.io/v1
            kind: CustomResourceDefinition
            metadata: {name: gauges.example.com}
            spec:
              group: example.com
              scope: Cluster
              names: {plural: gauges, kind: Gauge}
              versions:
              - name: v1
                served: true
                storage: true
                schema: {openAPIV3Schema: {type: object, properties: {spec: {type: object, properties: {high: {type: integer}}}}}}
            """).Write("gauge.yaml", "apiVersion: example.com/v1\nkind: Gauge\nmetadata: {name: steam}\nspec:\n  high: very\n");

        var (exit, output, _) = await RunAsync("validate", _git.Folder);

        Assert.That(exit, Is.EqualTo(1));
        Assert.That(output.Replace(_git.Folder + "/", "", StringComparison.Ordinal), Is.EqualTo("gauge.yaml:5: Gauge steam: spec.high: must be of type integer, not string\n1 problem in 2 files\n"));
    }

    [Test]
    public async Task A_key_that_only_a_source_with_signatures_may_set_is_noted()
    {
        _git.Write("n.yaml", "apiVersion: portcullis.dev/v1alpha1\nkind: NodeHardening\nmetadata: {name: engines}\nspec:\n  daemonJSON:\n    data-root: /srv/docker\n");

        Assert.That(await RunAsync("validate", _git.Folder), Is.EqualTo((
            0,
            $"note: {_git.Folder}/n.yaml:6: NodeHardening engines: data-root may give root on the node: only a source with signature verification may set it (spec.verify)\n1 object in 1 file, all valid\n",
            "")));
    }

    [Test]
    public async Task A_source_file_that_is_wrong_says_where()
    {
        _git.Write("a.yaml", SourceWorld.ConfigMap("a"));
        var source = Path.Combine(_git.Write("source.yaml", "apiVersion: portcullis.dev/v1alpha1\nkind: GitSource\nmetadata: {name: s}\nspec:\n  url: https://git.example.com/a.git\n  scope: {kinds: Grant}\n").Folder, "source.yaml");

        var (exit, _, error) = await RunAsync("validate", _git.Folder, "--source", source);

        Assert.That((exit, error), Is.EqualTo((2, $"portcullis: {source}:6: GitSource s: spec.scope.kinds: must be of type array, not string\n")));
    }

    [Test]
    public async Task A_commit_of_the_repository_can_be_validated()
    {
        _git.Write("a.yaml", SourceWorld.ConfigMap("a")).Commit();
        _git.Write("a.yaml", "broken: [\n");

        Assert.That((await RunAsync("validate", _git.Folder, "--revision", "HEAD")).Exit, Is.Zero);
        Assert.That((await RunAsync("validate", _git.Folder)).Exit, Is.EqualTo(1));
        Assert.That((await RunAsync("validate", _git.Folder, "--revision", "nope")).Exit, Is.EqualTo(2));
        Assert.That((await RunAsync("validate", Path.Combine(_git.Folder, "nowhere"))).Exit, Is.EqualTo(2));
    }

    [TestCase("validate", "--revision", "HEAD")]
    [TestCase("plan", "--revision", "HEAD")]
    [TestCase("plan", "--from", "HEAD")]
    public async Task A_repository_with_sha256_hashes_is_told_as_such(string command, string option, string value)
    {
        using var git = new GitWorkspace("sha256");
        git.Write("a.yaml", SourceWorld.ConfigMap("a")).Commit();

        var (exit, _, error) = await RunAsync(command, git.Folder, option, value);

        Assert.That(exit, Is.EqualTo(2));
        Assert.That(error, Does.Contain($"{git.Folder}/.git: the object format sha256 is not supported"));
        Assert.That((await RunAsync("validate", git.Folder)).Exit, Is.Zero, "its files need no git");
    }

    [Test]
    public async Task A_plan_shows_what_a_merge_would_change_and_in_which_fields()
    {
        _git.Write("a.yaml", SourceWorld.ConfigMap("a")).Write("b.yaml", SourceWorld.ConfigMap("b")).Write("same.yaml", SourceWorld.ConfigMap("same")).Commit();
        _git.Write("a.yaml", SourceWorld.ConfigMap("a", "2")).Remove("b.yaml").Write("c.yaml", SourceWorld.ConfigMap("c"));

        var (exit, output, _) = await RunAsync("plan", _git.Folder);
        var (_, json, _) = await RunAsync("plan", _git.Folder, "--from", "HEAD", "--output", "json");

        Assert.That(exit, Is.Zero);
        Assert.That(output.Replace(_git.Folder + "/", "", StringComparison.Ordinal), Is.EqualTo("""
            ~ ConfigMap work/a  a.yaml:1
                data.key: "1" -> "2"
            + ConfigMap work/c  c.yaml:1
            - ConfigMap work/b  b.yaml:1
            1 to create, 1 to configure, 1 to prune, 1 unchanged

            """));
        Assert.That(JsonNode.Parse(json)!["configured"]!.GetValue<int>(), Is.EqualTo(1));
    }

    [Test]
    public async Task A_plan_against_a_cluster_compares_with_what_is_live()
    {
        await using var world = await SourceWorld.StartAsync();
        await world.SourceAsync();
        await world.ReadyAsync(world.Git.Write("a.yaml", SourceWorld.ConfigMap("a")).Write("b.yaml", SourceWorld.ConfigMap("b")).Commit());
        world.Git.Write("a.yaml", SourceWorld.ConfigMap("a", "2")).Remove("b.yaml").Write("c.yaml", SourceWorld.ConfigMap("c"));

        var (exit, output, _) = await RunAsync("plan", world.Git.Folder, "--kubeconfig", world.Cluster.KubeconfigPath);

        Assert.That(exit, Is.Zero);
        Assert.That(output, Does.Contain("~ ConfigMap work/a").And.Contain("data.key: \"1\" -> \"2\"").And.Contain("1 to create, 1 to configure, 1 to prune, 0 unchanged"));
    }

    private static async Task<(int Exit, string Output, string Error)> RunAsync(params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var exit = await CommandLine.RunAsync(arguments, output, error, [ValidateCommand.Create(), PlanCommand.Create()]);
        return (exit, output.ToString(), error.ToString());
    }
}

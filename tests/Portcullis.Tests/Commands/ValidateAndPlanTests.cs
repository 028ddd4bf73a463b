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
        _git.Write("crd.yaml", Gauges).Write("gauge.yaml", "apiVersion: example.com/v1\nkind: Gauge\nmetadata: {name: steam}\nspec:\n  high: very\n");

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
    public async Task The_first_commit_of_a_repository_creates_everything()
    {
        _git.Write("a.yaml", SourceWorld.ConfigMap("a")).Commit();

        var (exit, output, error) = await RunAsync("plan", _git.Folder, "--revision", "HEAD");

        Assert.That((exit, error), Is.EqualTo((0, "")));
        Assert.That(output, Does.Contain("1 to create, 0 to configure, 0 to prune, 0 unchanged"));
    }

    [TestCase("HEAD^")]
    [TestCase("HEAD~3")]
    [TestCase("main^^")]
    public async Task A_commit_before_the_first_is_told_as_such(string revision)
    {
        _git.Write("a.yaml", SourceWorld.ConfigMap("a")).Commit();

        var (exit, _, error) = await RunAsync("plan", _git.Folder, "--from", revision);

        Assert.That(exit, Is.EqualTo(2));
        Assert.That(error, Does.Contain($"{revision} is no commit of the repository {_git.Folder}/.git: {revision[..4]} has fewer ancestors there"));
    }

    [Test]
    public async Task A_grant_that_ended_is_noted()
    {
        _git.Write("g.yaml", Collection("web", "/web") + "---\napiVersion: portcullis.dev/v1alpha1\nkind: Grant\nmetadata: {name: old}\nspec:\n  subject: {kind: User, name: ann}\n  role: ViewOnly\n  collection: /web\n  expiresAt: 2020-01-01T00:00:00Z\n");

        var (exit, output, _) = await RunAsync("validate", _git.Folder);

        Assert.That(exit, Is.Zero);
        Assert.That(output, Does.Contain("g.yaml:13: Grant old: spec.expiresAt 2020-01-01T00:00:00Z has passed: the grant gives nothing"));
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

    [TestCase("http://git.tidewater.example/x.git", "the URL must begin with https:// or ssh://")]
    [TestCase("git://git.tidewater.example/x.git", "the URL must begin with https:// or ssh://")]
    [TestCase("https://ann@git.tidewater.example/x.git", "a user or password does not belong in the URL: use secretRef")]
    [TestCase("ssh://git@git.tidewater.example/x.git", "ssh needs spec.secretRef with the keys identity and known_hosts")]
    public async Task An_address_that_git_is_never_given_is_refused(string url, string message)
    {
        _git.Write("s.yaml", $"apiVersion: portcullis.dev/v1alpha1\nkind: GitSource\nmetadata: {{name: s}}\nspec:\n  url: {url}\n");

        Assert.That(await RunAsync("validate", _git.Folder), Is.EqualTo((
            1, $"{_git.Folder}/s.yaml:5: GitSource s: spec.url: {message}\n1 problem in 1 file\n", "")));
    }

    [Test]
    public async Task A_repository_on_the_disk_is_noted_since_only_up_may_read_it()
    {
        _git.Write("s.yaml", "apiVersion: portcullis.dev/v1alpha1\nkind: GitSource\nmetadata: {name: s}\nspec:\n  url: file:///srv/git/x.git\n");

        var (exit, output, _) = await RunAsync("validate", _git.Folder);

        Assert.That(exit, Is.Zero);
        Assert.That(output, Does.Contain("s.yaml:5: GitSource s: spec.url: local repositories are not allowed here: use https:// or ssh:// (allowed by portcullis up)"));
    }

    [Test]
    public async Task What_another_source_may_declare_is_noted_and_what_the_scope_forbids_is_refused()
    {
        _git.Write("web/grants.yaml", Grant("shop", "/web") + "---\n" + Grant("all", "/production"));
        var source = Path.Combine(_git.Write("web.yaml", Web).Folder, "web.yaml");

        var (exit, output, _) = await RunAsync("validate", Path.Combine(_git.Folder, "web"), "--source", source);

        Assert.That(output.Replace(_git.Folder + "/web/", "", StringComparison.Ordinal), Is.EqualTo("""
            grants.yaml:9: Grant all: the collection /production is not in the source's scope.collections
            note: grants.yaml:4: Grant shop: there is no collection with the path /web (unless another source declares it)
            note: grants.yaml:9: Grant all: there is no collection with the path /production (unless another source declares it)
            1 problem in 1 file

            """));
        Assert.That(exit, Is.EqualTo(1));
    }

    [Test]
    public async Task What_stands_beside_the_source_counts_as_in_force()
    {
        _git.Write("web/grants.yaml", Grant("shop", "/web"));
        _git.Write("platform/all.yaml", Web + "---\n" + Collection("web", "/web"));

        Assert.That(await RunAsync("validate", Path.Combine(_git.Folder, "web"), "--source", Path.Combine(_git.Folder, "platform")), Is.EqualTo((
            0, "1 object in 1 file, all valid\n", "")));
    }

    [Test]
    public async Task A_plan_for_a_source_knows_what_others_declare_and_what_its_scope_forbids()
    {
        await using var world = await SourceWorld.StartAsync();
        await world.SourceAsync();
        await world.ReadyAsync(world.Git.Write("all.yaml", Collection("web", "/web") + "---\n" + Collection("production", "/production")).Commit());
        await world.Cluster.ApplyAsync(Web);
        _git.Write("grants.yaml", Grant("shop", "/web"));
        string[] plan = ["plan", _git.Folder, "--kubeconfig", world.Cluster.KubeconfigPath, "--source"];

        var allowed = await RunAsync([.. plan, "web"]);
        _git.Write("grants.yaml", Grant("shop", "/production"));
        var forbidden = await RunAsync([.. plan, "web"]);
        var unknown = await RunAsync([.. plan, "wbe"]);

        Assert.That(allowed.Output, Does.Contain("+ Grant shop").And.Contain("1 to create, 0 to configure, 0 to prune, 0 unchanged"));
        Assert.That(forbidden.Output, Does.Contain("grants.yaml:4: Grant shop: the collection /production is not in the source's scope.collections"));
        Assert.That((allowed.Exit, forbidden.Exit, unknown.Exit), Is.EqualTo((0, 1, 2)));
        Assert.That(unknown.Error, Does.Contain("there is no GitSource wbe in the cluster"));
    }

    [Test]
    public async Task A_plan_against_a_cluster_takes_a_definition_together_with_its_first_object()
    {
        await using var world = await SourceWorld.StartAsync();
        world.Git.Write("all.yaml", Gauges + "---\napiVersion: example.com/v1\nkind: Gauge\nmetadata: {name: steam}\nspec: {high: 5}\n");

        var (exit, output, error) = await RunAsync("plan", world.Git.Folder, "--kubeconfig", world.Cluster.KubeconfigPath);

        Assert.That((exit, error), Is.EqualTo((0, "")));
        Assert.That(output, Does.Contain("+ Gauge steam").And.Contain("2 to create"));
    }

    private const string Gauges = """
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

        """;

    private const string Web = """
        apiVersion: portcullis.dev/v1alpha1
        kind: GitSource
        metadata: {name: web}
        spec:
          url: https://git.tidewater.example/web.git
          scope: {kinds: [Grant], collections: [/web], subjects: ["User:ann"], maximumRole: ViewOnly}

        """;

    private static string Collection(string name, string path) =>
        $"apiVersion: portcullis.dev/v1alpha1\nkind: Collection\nmetadata: {{name: {name}}}\nspec: {{path: {path}}}\n";

    private static string Grant(string name, string collection) =>
        $"apiVersion: portcullis.dev/v1alpha1\nkind: Grant\nmetadata: {{name: {name}}}\nspec: {{subject: {{kind: User, name: ann}}, role: ViewOnly, collection: {collection}}}\n";

    private static async Task<(int Exit, string Output, string Error)> RunAsync(params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var exit = await CommandLine.RunAsync(arguments, output, error, [ValidateCommand.Create(), PlanCommand.Create()]);
        return (exit, output.ToString(), error.ToString());
    }
}

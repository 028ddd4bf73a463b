using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Hosting;
using Portcullis.Kinds;
using Portcullis.Kubernetes.Client;
using Portcullis.Objects;
using Portcullis.Objects.Json;
using Portcullis.Operator;
using Portcullis.Schemas.Crds;
using Portcullis.Sources;
using Portcullis.Sources.Root;
using Portcullis.Testing;
using Portcullis.Testing.Clusters;
using Portcullis.Testing.Git;
using Portcullis.Tests.AddingAKind.Core;
using Portcullis.Tests.AddingAKind.Program;
using Portcullis.Tests.Sources;

namespace Portcullis.Tests.AddingAKind;

/// <summary>
/// CONTRIBUTING's "Adding a kind", done: a folder for Core, a folder for the program, one line in the catalogue. The kind is then read from
/// Git, validated, bounded by scopes, reconciled to Ready, protected from drift and pruned, although nothing else knows it.
/// </summary>
internal sealed class AddingAKindTests : IAsyncDisposable
{
    /// <summary>The one line.</summary>
    private static readonly Catalog Catalog = Catalog.Default.With(new CatalogEntry(Banner.KindDefinition, BannerServices.AddBanners));

    private readonly GitWorkspace _git = new();
    private readonly GitWorkspace _team = new();
    private TestCluster? _cluster;
    private IHost? _host;

    private KubernetesClient Client => _cluster!.Client;

    [SetUp]
    public async Task StartAsync()
    {
        _cluster = await TestCluster.StartAsync();
        foreach (var kind in Catalog.Kinds.All)
        {
            await _cluster.ApplyAsync(CrdWriter.Crd(kind.Resource, kind.Options, kind.Type));
        }

        await _cluster.ApplyAsync("apiVersion: v1\nkind: Namespace\nmetadata: {name: portcullis-system}\n---\napiVersion: v1\nkind: Namespace\nmetadata: {name: work}\n");
        _host = OperatorHost.Build(new OperatorSettings
        {
            Connection = _cluster.Connection,
            Logging = _ => { },
            Sources = new GitSourcesOptions
            {
                RootSource = SourceWorld.Root,
                Root = RootSourceDeclaration.Of(RootSource.From(SourceWorld.Root, _git.Folder, Catalog.Kinds, interval: "1s")),
                CacheFolder = _git.Cache,
                AllowLocal = true,
            },
            Catalog = Catalog,
        });
        await _host.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_host is not null)
        {
            await _host.StopAsync();
            await ((IAsyncDisposable)_host).DisposeAsync();
        }

        if (_cluster is not null)
        {
            await _cluster.DisposeAsync();
        }

        _git.Dispose();
        _team.Dispose();
    }

    [Test]
    public async Task An_object_of_a_new_kind_is_declared_in_git_reconciled_to_ready_protected_and_pruned()
    {
        _git.Write("banner.yaml", BannerYaml("maintenance tonight")).Commit();
        await Eventually.HoldsAsync(async () => await TextAsync() == "maintenance tonight");
        await ReadyAsync("Shown in work");

        _git.Write("banner.yaml", BannerYaml("maintenance is over")).Commit();
        await Eventually.HoldsAsync(async () => await TextAsync() == "maintenance is over");

        await Client.MergePatchAsync(
            SourceWorld.ConfigMaps, BannerPlanner.KeyIn("work"), new JsonObject { ["data"] = new JsonObject { ["text"] = "by hand" } }, new WriteOptions("kubectl-edit"), default);
        await Eventually.HoldsAsync(async () => await TextAsync() == "maintenance is over");
        await Eventually.HoldsAsync(async () => await HasEventAsync("BannerReverted", "kubectl-edit"));

        _git.Write("banner.yaml", BannerYaml("we moved").Replace("namespace: work", "namespace: portcullis-system", StringComparison.Ordinal)).Commit();
        await Eventually.HoldsAsync(async () => await TextAsync("portcullis-system") == "we moved" && await TextAsync() is null);

        _git.Remove("banner.yaml").Write("note.yaml", SourceWorld.ConfigMap("note")).Commit();
        await Eventually.HoldsAsync(async () => await TextAsync("portcullis-system") is null);
        await Eventually.HoldsAsync(async () => await Client.GetAsync(Banner.Definition, ObjectKey.Cluster("hello"), default) is null);
    }

    [Test]
    public async Task The_rules_and_claims_of_a_new_kind_keep_a_revision_out_with_file_and_line()
    {
        _git.Write("team.yaml", SourceYaml("team", _team, "  scope: {kinds: [Banner], namespaces: [shop]}\n")).Commit();
        _team.Write("banner.yaml", BannerYaml("maintenance tonight")).Commit();
        await ProblemAsync("team", "banner.yaml:4", "work");

        _git.Write("first.yaml", BannerYaml("one")).Write("second.yaml", BannerYaml("two", "welcome")).Commit();
        await ProblemAsync(SourceWorld.Root, "second.yaml:4", "another banner is in this namespace");
        Assert.That(await TextAsync(), Is.Null);
    }

    private static string BannerYaml(string text, string name = "hello") =>
        $"apiVersion: portcullis.dev/v1alpha1\nkind: Banner\nmetadata: {{name: {name}}}\nspec: {{namespace: work, text: {text}}}\n";

    private static string SourceYaml(string name, GitWorkspace git, string more = "") =>
        $"apiVersion: portcullis.dev/v1alpha1\nkind: GitSource\nmetadata: {{name: {name}}}\nspec:\n  url: {git.Folder}\n  interval: 1s\n  retryInterval: 1s\n{more}";

    private async Task<string?> TextAsync(string @namespace = "work") =>
        (await Client.GetAsync(SourceWorld.ConfigMaps, BannerPlanner.KeyIn(@namespace), default)).Object("data").String("text");

    private Task ReadyAsync(string message) => Eventually.HoldsAsync(async () =>
    {
        var banner = (await Client.GetAsync(Banner.Definition, ObjectKey.Cluster("hello"), default)).Deserialize(Banner.JsonType);
        var ready = banner?.Status?.Conditions?.FirstOrDefault(c => c.Type == ConditionTypes.Ready);
        return ready?.Status == "True" && ready.Message == message && banner!.Status!.ObservedGeneration == banner.Metadata.Generation;
    });

    /// <summary>The source refuses its revision with one line that says both.</summary>
    private Task ProblemAsync(string source, string position, string words) => Eventually.HoldsAsync(async () =>
    {
        var status = (await Client.GetAsync(Portcullis.Core.Sources.GitSource.Definition, ObjectKey.Cluster(source), default)).Object("status");
        return status?.ToJsonString() is { } text && text.Contains(position, StringComparison.Ordinal) && text.Contains(words, StringComparison.Ordinal);
    });

    private async Task<bool> HasEventAsync(string reason, string words)
    {
        await foreach (var one in Client.ListAsync(SourceWorld.Events, new ListOptions(), default))
        {
            if (one.String("reason") == reason && one.String("message")!.Contains(words, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }
}

using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Portcullis.Clients.Registry;
using Portcullis.Core.Repositories;
using Portcullis.Kinds;
using Portcullis.Kubernetes.Hosting;
using Portcullis.Kubernetes.Stores;
using Portcullis.Promotions;
using Portcullis.Registries;
using Portcullis.Repositories;
using Portcullis.Repositories.Ledger;
using Portcullis.Repositories.Writes;
using Portcullis.Schemas.Crds;
using Portcullis.Testing;
using Portcullis.Testing.Clusters;
using Portcullis.Testing.Registries;
using Portcullis.Webhooks;

namespace Portcullis.Tests.Repositories;

/// <summary>A cluster, a real docker-registry, and the operator's part that looks after repositories.</summary>
internal sealed class RegistryWorld : IAsyncDisposable
{
    public const string Name = "shop/web";

    private readonly List<IHost> _hosts = [];
    private readonly string _egress;

    private RegistryWorld(TestCluster cluster, DockerRegistry registry, string egress)
    {
        _egress = egress;
        Cluster = cluster;
        Registry = registry;
    }

    public static RepositoryId Id { get; } = new("dtr", Name);

    public TestCluster Cluster { get; }

    public DockerRegistry Registry { get; }

    /// <summary>The registry as somebody sees it who goes past the gateway.</summary>
    public RegistryClient Direct => Registry.Client();

    public IServiceProvider Services => _hosts[0].Services;

    public ITagWrites Writes => Services.GetRequiredService<ITagWrites>();

    public TagLedgers Ledgers => Services.GetRequiredService<TagLedgers>();

    /// <param name="repository">What stands below the spec of the Repository web, in YAML's flow style.</param>
    /// <param name="egress">Hosts that webhooks may reach.</param>
    /// <param name="configure">Services in place of the program's own.</param>
    /// <param name="registry">How the registry is configured.</param>
    public static async Task<RegistryWorld> StartAsync(string repository = "", string egress = "127.0.0.1", Action<IServiceCollection>? configure = null, DockerRegistryOptions? registry = null)
    {
        if (DockerRegistry.Missing is { } missing)
        {
            Assert.Ignore(missing);
        }

        var world = new RegistryWorld(await TestCluster.StartAsync(), await DockerRegistry.StartAsync((registry ?? new DockerRegistryOptions()) with { RelativeLocations = true }), egress);
        foreach (var kind in Catalog.Default.Kinds.All)
        {
            await world.Cluster.ApplyAsync(CrdWriter.Crd(kind.Resource, kind.Options, kind.Type));
        }

        await world.Cluster.ApplyAsync($$"""
            apiVersion: v1
            kind: Namespace
            metadata: {name: portcullis-system}
            ---
            apiVersion: v1
            kind: Secret
            metadata: {name: notices, namespace: portcullis-system, labels: {portcullis.dev/allowed-source: root} }
            stringData: {token: "registry-says"}
            """);
        await world.DeclareRegistryAsync("");
        await world.DeclareAsync(repository);
        await world.StartHostAsync(configure: configure);
        return world;
    }

    /// <param name="more">What the Registry says beside, one line of YAML.</param>
    public Task DeclareRegistryAsync(string more) => Cluster.ApplyAsync($$"""
        apiVersion: portcullis.dev/v1alpha1
        kind: Registry
        metadata: {name: dtr, labels: {portcullis.dev/source: root} }
        spec:
          host: dtr.example.com
          notificationsSecretRef: {name: notices}
          upstream: {url: "{{Registry.Address.AbsoluteUri}}" }
          egress: ["{{_egress}}"]
          {{more}}
        """);

    public Task DeclareAsync(string repository) => Cluster.ApplyAsync($$"""
        apiVersion: portcullis.dev/v1alpha1
        kind: Repository
        metadata: {name: web}
        spec: {registry: dtr, name: {{Name}}{{(repository.Length == 0 ? "" : ", " + repository)}}}
        """);

    /// <summary>Another process on the same cluster and registry.</summary>
    public async Task<IServiceProvider> StartHostAsync(TimeProvider? time = null, Action<IServiceCollection>? configure = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        if (time is not null)
        {
            builder.Services.AddSingleton(time);
        }

        builder.Services.AddKubernetes(Cluster.Connection);
        builder.Services.AddSingleton(Catalog.Default.Kinds);
        builder.Services.AddRegistries().AddRepositories().AddWebhooks().AddPromotions();
        configure?.Invoke(builder.Services);
        var host = builder.Build();
        await host.StartAsync();
        await host.Services.GetRequiredService<IStore<Repository>>().WaitUntilSyncedAsync(default);
        await host.Services.GetRequiredService<IStore<Core.Registries.Registry>>().WaitUntilSyncedAsync(default);
        _hosts.Add(host);
        return host.Services;
    }

    /// <summary>Uploads an image's blobs past the gateway and gives its manifest to the writer of tags.</summary>
    public async Task<TagWriteOutcome> PushAsync(string tag, BuiltImage image, string author = "ann", ITagWrites? by = null)
    {
        foreach (var blob in image.Blobs)
        {
            await Direct.Uploads.UploadAsync(Name, BlobSource.Of(blob), default);
        }

        return await (by ?? Writes).PushAsync(new TagPush(Id, tag, image.Digest, image.Manifest.MediaType, image.Manifest.Bytes) { Author = author }, default);
    }

    /// <summary>What the tag names in the registry; null for nothing.</summary>
    public async Task<string?> DigestAsync(string tag) => (await Direct.Manifests.HeadAsync(Name, tag, default))?.Digest;

    public Task UntilAsync(Func<Task<bool>> holds, string what) => Eventually.HoldsAsync(holds, TimeSpan.FromSeconds(30), what);

    public async ValueTask DisposeAsync()
    {
        foreach (var host in _hosts)
        {
            await host.StopAsync();
            host.Dispose();
        }

        await Registry.DisposeAsync();
        await Cluster.DisposeAsync();
    }
}

using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Portcullis.Core.Trust;
using Portcullis.Kinds;
using Portcullis.Kubernetes.Client;
using Portcullis.Kubernetes.Hosting;
using Portcullis.Kubernetes.Stores;
using Portcullis.Objects;
using Portcullis.Schemas.Crds;
using Portcullis.Testing;
using Portcullis.Testing.Clusters;
using Portcullis.Testing.Notaries;
using Portcullis.Trust.Delegations;
using Portcullis.Trust.Keys;

namespace Portcullis.Tests.Trust.Delegations;

/// <summary>A cluster, a real notary-server, and the operator's part that keeps trust data. The keys of root and targets are in Secrets.</summary>
internal sealed class TrustWorld : IAsyncDisposable
{
    public const string Host = "dtr.example.com";
    public const string Gun = Host + "/shop/web";

    private const string Passphrase = "correct horse";

    private readonly List<IHost> _hosts = [];
    private readonly List<NotaryClientProgram> _clients = [];

    private TrustWorld(TestCluster cluster, NotaryServer server)
    {
        Cluster = cluster;
        Server = server;
    }

    public TestCluster Cluster { get; }

    public NotaryServer Server { get; }

    public TrustSigningKey Root { get; } = TrustSigningKey.Create();

    public TrustSigningKey Targets { get; } = TrustSigningKey.Create();

    public IServiceProvider Services => _hosts[^1].Services;

    /// <summary>A server and a cluster with everything but a TrustDelegation.</summary>
    public static async Task<TrustWorld> StartAsync(TimeProvider? time = null)
    {
        if (NotaryServer.Missing is { } missing)
        {
            Assert.Ignore(missing);
        }

        var world = new TrustWorld(await TestCluster.StartAsync(), await NotaryServer.StartAsync());
        foreach (var kind in Catalog.Default.Kinds.All)
        {
            await world.Cluster.ApplyAsync(CrdWriter.Crd(kind.Resource, kind.Options, kind.Type));
        }

        await world.Cluster.ApplyAsync($$"""
            apiVersion: v1
            kind: Namespace
            metadata: {name: portcullis-trust}
            ---
            apiVersion: portcullis.dev/v1alpha1
            kind: Registry
            metadata: {name: dtr, labels: {portcullis.dev/source: root} }
            spec:
              host: {{Host}}
              upstream: {url: "http://127.0.0.1:1"}
              notary: {url: "{{world.Server.Address.AbsoluteUri}}"}
            ---
            apiVersion: portcullis.dev/v1alpha1
            kind: Repository
            metadata: {name: web}
            spec: {registry: dtr, name: shop/web}
            """);
        await world.KeyAsync("root-key", world.Root, "root");
        await world.KeyAsync("targets-key", world.Targets, "targets");
        await world.StartHostAsync(time);
        return world;
    }

    /// <summary>A Secret with a key file as the notary client writes it.</summary>
    public Task KeyAsync(string name, TrustSigningKey key, string role) =>
        SecretAsync(name, ("key", NotaryKeyFile.Write(key, Passphrase, role, role == "root" ? null : Gun)), ("passphrase", Passphrase));

    public Task SecretAsync(string name, params (string Key, string Value)[] data) => Cluster.ApplyAsync(new JsonObject
    {
        ["apiVersion"] = "v1",
        ["kind"] = "Secret",
        ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = "portcullis-trust", ["labels"] = new JsonObject { ["portcullis.dev/allowed-source"] = "root" } },
        ["stringData"] = new JsonObject(data.Select(d => KeyValuePair.Create(d.Key, (JsonNode?)d.Value))),
    });

    /// <summary>Another operator on the same cluster and server.</summary>
    public async Task StartHostAsync(TimeProvider? time = null)
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        if (time is not null)
        {
            builder.Services.AddSingleton(time);
        }

        builder.Services.AddKubernetes(Cluster.Connection);
        builder.Services.AddSingleton(Catalog.Default.Kinds);
        builder.Services.AddTrustDelegations();
        var host = builder.Build();
        await host.StartAsync();
        await host.Services.GetRequiredService<IStore<TrustDelegation>>().WaitUntilSyncedAsync(default);
        _hosts.Add(host);
    }

    public async Task StopHostAsync()
    {
        await _hosts[^1].StopAsync();
        _hosts[^1].Dispose();
        _hosts.RemoveAt(_hosts.Count - 1);
    }

    /// <param name="roles">The list of roles, in YAML's flow style.</param>
    /// <param name="rest">What else stands in the spec.</param>
    /// <param name="name">Of the declaration.</param>
    /// <param name="root">The root.</param>
    /// <param name="targets">The Secret with the targets key.</param>
    public Task DeclareAsync(string roles, string rest = "", string name = "web", string root = "{keySecretRef: {name: root-key}}", string targets = "targets-key") => Cluster.ApplyAsync($$"""
        apiVersion: portcullis.dev/v1alpha1
        kind: TrustDelegation
        metadata: {name: {{name}}, labels: {portcullis.dev/source: root} }
        spec:
          registry: dtr
          repositories: [shop/web]
          root: {{root}}
          targets: {keySecretRef: {name: {{targets}} } }
          roles: [{{roles}}]
          {{rest}}
        """);

    /// <summary>Has it looked at now.</summary>
    public async Task RequestAsync(string name = "web")
    {
        var patch = new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { ["portcullis.dev/requestedAt"] = Guid.NewGuid().ToString() } } };
        await Cluster.Client.MergePatchAsync(TrustDelegation.Definition, ObjectKey.Cluster(name), patch, new WriteOptions("test"), default);
    }

    /// <summary>As if nothing had ever been reported.</summary>
    public Task ForgetStatusAsync(string name = "web") => Cluster.Client.MergePatchAsync(
        TrustDelegation.Definition, ObjectKey.Cluster(name), new JsonObject { ["status"] = new JsonObject { ["repositories"] = null, ["observedGeneration"] = null, ["rootKeys"] = null } }, new WriteOptions("test"), default, "status");

    /// <summary>The roles that are declared, in YAML's flow style.</summary>
    public async Task<string> RolesAsync(string name = "web")
    {
        var roles = (await Cluster.Client.GetAsync(TrustDelegation.Definition, ObjectKey.Cluster(name), default))!["spec"]!["roles"]!.ToJsonString();
        return roles[1..^1];
    }

    /// <summary>What the Events say.</summary>
    public async Task<IReadOnlyList<string>> EventsAsync()
    {
        var found = new List<string>();
        await foreach (var one in Cluster.Client.ListAsync(new ApiResource("", "v1", "Event", "events", true), new ListOptions(), default))
        {
            found.Add(one["message"]?.GetValue<string>() ?? one["note"]?.GetValue<string>() ?? "");
        }

        return found;
    }

    /// <summary>A notary client with a folder of its own: somebody else's machine.</summary>
    public NotaryClientProgram Client()
    {
        var client = new NotaryClientProgram(Server.Address);
        _clients.Add(client);
        return client;
    }

    /// <summary>The status of the repository, once it holds.</summary>
    public async Task<RepositoryTrustStatus> UntilAsync(Func<RepositoryTrustStatus, bool> holds, string what, string name = "web", TimeSpan? within = null)
    {
        RepositoryTrustStatus? found = null;
        try
        {
            await Eventually.HoldsAsync(async () => (found = (await StatusAsync(name))?.Repositories is [var first, ..] ? first : null) is not null && holds(found), within ?? TimeSpan.FromSeconds(30), what);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            var status = await StatusAsync(name);
            throw new InvalidOperationException($"{what}: {JsonSerializer.Serialize(status, TrustJsonContext.Default.TrustDelegationStatus)}", e);
        }

        return found!;
    }

    public Task<RepositoryTrustStatus> UntilPublishedAsync(Func<RepositoryTrustStatus, bool>? holds = null, string name = "web") =>
        UntilAsync(s => s.State == nameof(TrustState.Published) && (holds is null || holds(s)), "the trust data to be as declared", name);

    public async Task<TrustDelegationStatus?> StatusAsync(string name = "web") =>
        (await Cluster.Client.GetAsync(TrustDelegation.Definition, ObjectKey.Cluster(name), default))?.Deserialize(TrustJsonContext.Default.TrustDelegation)?.Status;

    /// <summary>A digest to sign.</summary>
    public static string Digest(string of) => $"sha256:{Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(of)))}";

    /// <summary>A certificate in YAML's flow style.</summary>
    public static string Certificate(string file) => JsonSerializer.Serialize(File.ReadAllText(file));

    public async ValueTask DisposeAsync()
    {
        while (_hosts.Count > 0)
        {
            await StopHostAsync();
        }

        _clients.ForEach(c => c.Dispose());
        await Server.DisposeAsync();
        await Cluster.DisposeAsync();
        Root.Dispose();
        Targets.Dispose();
    }
}

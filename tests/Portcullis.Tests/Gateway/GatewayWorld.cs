using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Portcullis.Admission;
using Portcullis.Clients.Registry;
using Portcullis.Gateway;
using Portcullis.Gateway.Serving;
using Portcullis.Http.Serving;
using Portcullis.Kinds;
using Portcullis.Kubernetes.Connection;
using Portcullis.Kubernetes.Hosting;
using Portcullis.Kubernetes.Stores;
using Portcullis.Schemas.Crds;
using Portcullis.Testing;
using Portcullis.Testing.Clusters;
using Portcullis.Testing.Registries;
using Portcullis.Tests.Tokens;
using Portcullis.Tokens;

namespace Portcullis.Tests.Gateway;

/// <summary>
/// A cluster, a real docker-registry that takes nothing but the gateway's own tokens, and gateways before it. Ann may write to and administer the
/// repositories of shop/, bob may read them, carl may sign in them; tokens are those of <see cref="TestTokens"/>.
/// </summary>
internal sealed class GatewayWorld : IAsyncDisposable
{
    public const string Name = "shop/web";

    public const string Issuer = "portcullis-test";
    public const string Service = "upstream";

    /// <summary>As whom the whole gateway asks the API: with the rights of config/rbac/gateway.yaml.</summary>
    private const string ServiceAccount = "system:serviceaccount:portcullis-system:portcullis-gateway";

    private readonly List<IHost> _hosts = [];
    private readonly string _folder = Directory.CreateTempSubdirectory("pg-").FullName;

    private readonly Action<IServiceCollection>? _services;
    private readonly bool _whole;
    private readonly int _port = FreePort();

    private GatewayWorld(TestCluster cluster, DockerRegistry registry, TestSigner signer, bool whole, Action<IServiceCollection>? services)
    {
        Cluster = cluster;
        Registry = registry;
        Signer = signer;
        _services = services;
        _whole = whole;
        Host = $"{(whole ? "localhost" : "127.0.0.1")}:{_port}";
    }

    public TestCluster Cluster { get; }

    public DockerRegistry Registry { get; }

    /// <summary>What clients name: the first gateway's own address.</summary>
    public string Host { get; }

    public RecordedAudit Audit { get; } = new();

    /// <summary>What the whole gateway has called with what signers published.</summary>
    public HeldPublications Published { get; } = new();

    public List<IHost> Gateways => _hosts;

    /// <summary>Of the whole gateway: what clients must trust.</summary>
    public string AuthorityFile => Path.Combine(_folder, "ca.crt");

    public string CertificateFile => Path.Combine(_folder, "tls.crt");

    /// <summary>To which the gateway's own tokens lead.</summary>
    public string RootPem => Signer.RootPem;

    private TestSigner Signer { get; }

    private string KeyFile => Path.Combine(_folder, "tls.key");

    /// <param name="repository">What stands below the spec of the Repository shop/web, in YAML's flow style.</param>
    /// <param name="configure">Changes the options of the first gateway.</param>
    /// <param name="whole">As it is run: over TLS, with its own token service, where ann's password is anns-password.</param>
    /// <param name="notary">Declares the Notary server of the registry; in YAML's flow style.</param>
    /// <param name="services">What the gateway, unless whole, has besides its own.</param>
    public static async Task<GatewayWorld> StartAsync(
        string repository = "", Func<GatewayOptions, GatewayOptions>? configure = null, bool whole = false, string? notary = null, Action<IServiceCollection>? services = null)
    {
        if (DockerRegistry.Missing is { } missing)
        {
            Assert.Ignore(missing);
        }

        var signer = new TestSigner();
        var roots = Path.GetTempFileName();
        await File.WriteAllTextAsync(roots, signer.RootPem);
        var registry = await DockerRegistry.StartAsync(new DockerRegistryOptions { Tokens = new DockerRegistryTokens("http://127.0.0.1:1/token", Service, Issuer, roots) });
        File.Delete(roots);
        var world = new GatewayWorld(await TestCluster.StartAsync(), registry, signer, whole, services);
        await world.DeclareAsync(repository, notary);
        await world.StartGatewayAsync(configure);
        return world;
    }

    /// <param name="repository">What stands below the spec of the Repository shop/web, in YAML's flow style.</param>
    public Task DeclareRepositoryAsync(string repository) => Cluster.ApplyAsync($$"""
        apiVersion: portcullis.dev/v1alpha1
        kind: Repository
        metadata: {name: web}
        spec: {registry: dtr, name: {{Name}}{{(repository.Length == 0 ? "" : ", " + repository)}}}
        """);

    /// <summary>Puts another server behind the gateway.</summary>
    public async Task DeclareUpstreamAsync(string address)
    {
        await Cluster.ApplyAsync($$"""
            apiVersion: portcullis.dev/v1alpha1
            kind: Registry
            metadata: {name: dtr, labels: {portcullis.dev/source: platform} }
            spec: {host: "{{Host}}", upstream: {url: "{{address}}", issuer: {{Issuer}}, service: {{Service}}, signingSecretRef: {name: upstream} } }
            """);
        var store = _hosts[0].Services.GetRequiredService<IStore<Core.Registries.Registry>>();
        await Eventually.HoldsAsync(() => store.List().Any(r => r.Spec.Upstream.Url == address));
    }

    /// <summary>A gateway; every one after the first listens on a port of its own, and clients reach it by that.</summary>
    public async Task<GatewayServer> StartGatewayAsync(Func<GatewayOptions, GatewayOptions>? configure = null)
    {
        var options = new GatewayOptions { Listen = ListenAddress.Loopback(_hosts.Count == 0 ? _port : 0), PublicScheme = "http" };
        options = configure?.Invoke(options) ?? options;
        var host = _whole ? Whole(options) : WithTestTokens(options);
        await host.StartAsync();
        _hosts.Add(host);
        var health = host.Services.GetRequiredService<RuntimeHealth>();
        await Eventually.HoldsAsync(() => health.Unready().Count == 0 && host.Services.GetService<IGatewayKeys>() is not { Keys: null });
        return host.Services.GetRequiredService<GatewayServer>();
    }

    /// <summary>Writes another certificate for the gateway's names.</summary>
    public void WriteCertificate()
    {
        var made = ServingCertificate.Create(["localhost", "127.0.0.1"], TimeProvider.System.GetUtcNow());
        File.WriteAllText(AuthorityFile, made.Authority);
        File.WriteAllText(KeyFile, made.Key);
        File.WriteAllText(CertificateFile, made.Certificate);
    }

    private IHost WithTestTokens(GatewayOptions options)
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Logging.SetMinimumLevel(LogLevel.Warning).AddSimpleConsole();
        builder.Services.AddKubernetes(Cluster.Connection);
        var tokens = new TestTokens();
        builder.Services.AddSingleton<ITokenVerifier>(tokens).AddSingleton<ITokenEndpoint>(tokens).AddSingleton<IGatewayAudit>(Audit);
        builder.Services.AddGateway(options);
        _services?.Invoke(builder.Services);
        return builder.Build();
    }

    private IHost Whole(GatewayOptions options)
    {
        WriteCertificate();
        return GatewayHost.Build(new GatewaySettings
        {
            Connection = Cluster.Embedded is { } server
                ? KubeConfig.Load([server.CreateKubeconfig(ServiceAccount, ["system:serviceaccounts", "system:authenticated"], Path.Combine(_folder, "gateway.kubeconfig"))])
                : Cluster.Connection,
            Logging = logging => logging.SetMinimumLevel(LogLevel.Warning).AddSimpleConsole(),
            Gateway = options with { PublicScheme = "https", Certificate = new CertificateFiles(CertificateFile, KeyFile, AuthorityFile) },
            AllowUndeclared = true,
            Published = Published,
        });
    }

    /// <summary>A client that sends its requests as they are written here.</summary>
    /// <param name="user">Who it is; null for nobody, without a token.</param>
    /// <param name="scopes">What the token is for; all of shop/web, shop/base and shop/other by default.</param>
    public HttpClient Client(string? user, params string[] scopes)
    {
        var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false, UseCookies = false }) { BaseAddress = new Uri($"http://{Host}/") };
        if (user is not null)
        {
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", TestTokens.Of(user, scopes.Length > 0 ? scopes :
                [$"repository:{Name}:pull,push,delete,*", "repository:shop/base:pull,push,delete", "repository:shop/other:pull,push,delete", "registry:catalog:*"]));
        }

        return client;
    }

    /// <summary>The program's own client of registries, through the gateway.</summary>
    public RegistryClient Through(string user, string password = "secret") => RegistryClient.Create(
        RegistryEndpoint.TryParse($"http://{Host}", allowPlainHttp: true)!,
        new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false },
        new RegistryClientOptions { Credential = new Portcullis.Clients.Registry.Authorization.RegistryCredential.Basic(user, password) });

    public async ValueTask DisposeAsync()
    {
        foreach (var host in _hosts)
        {
            await host.StopAsync();
            host.Dispose();
        }

        await Registry.DisposeAsync();
        await Cluster.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task DeclareAsync(string repository, string? notary)
    {
        foreach (var kind in Catalog.Default.Kinds.All)
        {
            await Cluster.ApplyAsync(CrdWriter.Crd(kind.Resource, kind.Options, kind.Type));
        }

        await Cluster.ApplyAsync($$"""
            apiVersion: v1
            kind: Namespace
            metadata: {name: portcullis-system}
            """);
        await Cluster.ApplyAsync(await File.ReadAllTextAsync(RepositoryFolder.Combine("config", "rbac", "gateway.yaml")));
        await Cluster.ApplyAsync(new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Secret",
            ["metadata"] = new JsonObject { ["name"] = "upstream", ["namespace"] = "portcullis-system", ["labels"] = new JsonObject { ["portcullis.dev/allowed-source"] = "platform" } },
            ["data"] = new JsonObject { ["tls.key"] = Encode(Signer.KeyPem), ["tls.crt"] = Encode(Signer.ChainPem) },
        });
        await Cluster.ApplyAsync(new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Secret",
            ["metadata"] = new JsonObject { ["name"] = "passwords", ["namespace"] = "portcullis-system", ["labels"] = new JsonObject { ["portcullis.dev/allowed-source"] = "platform" } },
            ["data"] = new JsonObject { ["ann"] = Encode(BCrypt.Net.BCrypt.HashPassword("anns-password", 4)), ["bob"] = Encode(BCrypt.Net.BCrypt.HashPassword("bobs-password", 4)), ["carl"] = Encode(BCrypt.Net.BCrypt.HashPassword("carls-password", 4)) },
        });
        await Cluster.ApplyAsync($$"""
            apiVersion: portcullis.dev/v1alpha1
            kind: Registry
            metadata: {name: dtr, labels: {portcullis.dev/source: platform} }
            spec: {host: "{{Host}}", upstream: {url: "{{Registry.Address.AbsoluteUri}}", issuer: {{Issuer}}, service: {{Service}}, signingSecretRef: {name: upstream} }{{(notary is null ? "" : $", notary: {notary}")}} }
            ---
            apiVersion: portcullis.dev/v1alpha1
            kind: Organization
            metadata: {name: acme, labels: {portcullis.dev/source: platform} }
            spec: {passwordsSecretRef: {name: passwords}, users: [{name: ann}, {name: bob}, {name: carl}] }
            ---
            apiVersion: portcullis.dev/v1alpha1
            kind: Repository
            metadata: {name: base}
            spec: {registry: dtr, name: shop/base, visibility: Public}
            ---
            apiVersion: portcullis.dev/v1alpha1
            kind: Repository
            metadata: {name: vault}
            spec: {registry: dtr, name: vault/secret}
            ---
            apiVersion: portcullis.dev/v1alpha1
            kind: Collection
            metadata: {name: shop}
            spec: {path: /shop, repositories: [shop/*]}
            ---
            apiVersion: portcullis.dev/v1alpha1
            kind: Grant
            metadata: {name: ann}
            spec: {subject: {kind: User, name: ann}, role: ViewOnly, collection: /shop, repositoryPermission: admin}
            ---
            apiVersion: portcullis.dev/v1alpha1
            kind: Grant
            metadata: {name: bob}
            spec: {subject: {kind: User, name: bob}, role: ViewOnly, collection: /shop, repositoryPermission: read}
            ---
            apiVersion: portcullis.dev/v1alpha1
            kind: Grant
            metadata: {name: carl}
            spec: {subject: {kind: User, name: carl}, role: ViewOnly, collection: /shop, repositoryPermission: sign}
            """);
        await DeclareRepositoryAsync(repository);
    }

    private static string Encode(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    internal static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

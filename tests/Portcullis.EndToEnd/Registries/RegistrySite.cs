using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Portcullis.Clients.Registry;
using Portcullis.Clients.Registry.Authorization;
using Portcullis.Core.Collections;
using Portcullis.Core.Grants;
using Portcullis.Core.Promotions;
using Portcullis.Core.Repositories;
using Portcullis.EndToEnd.Clusters;
using Portcullis.EndToEnd.Programs;
using Portcullis.Http.Serving;
using Portcullis.Kubernetes.Client;
using Portcullis.Testing;
using Portcullis.Testing.Faults;
using Portcullis.Testing.Registries;
using Portcullis.Testing.Servers;

namespace Portcullis.EndToEnd.Registries;

/// <summary>
/// Operator and gateway as processes of their own, each with the rights of config/, before a real docker-registry: what they write to the API and to
/// the registry passes proxies that can kill them. <c>shop/builds</c> is promoted to <c>shop/live</c> under a tag that has the time in it, so that a second decision would show.
/// </summary>
internal sealed class RegistrySite : IAsyncDisposable
{
    public const string Builds = "shop/builds";
    public const string Live = "shop/live";
    public const string Policy = "to-live";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly OperatorWorld _world;
    private readonly SocketsHttpHandler _handler = new() { AllowAutoRedirect = false, UseProxy = false, UseCookies = false };
    private readonly ConcurrentQueue<(string Id, string Body)> _notices = new();
    private readonly int _port = LoopbackServer.FreePort();
    private readonly string _kubeconfig;
    private HttpServer _receiver = null!;

    private RegistrySite(OperatorWorld world, DockerRegistry registry, FaultProxy registryProxy, FaultProxy gatewayProxy, string kubeconfig)
    {
        (_world, Registry, RegistryProxy, GatewayProxy, _kubeconfig) = (world, registry, registryProxy, gatewayProxy, kubeconfig);
        Client = RegistryClient.Create(
            RegistryEndpoint.TryParse($"http://{Host}", allowPlainHttp: true)!, _handler, new RegistryClientOptions { Credential = new RegistryCredential.Basic(DockerRegistry.User, DockerRegistry.Password) });
    }

    public DockerRegistry Registry { get; }

    /// <summary>Before the registry, for operator and gateway.</summary>
    public FaultProxy RegistryProxy { get; }

    /// <summary>Before the API, for the operator.</summary>
    public FaultProxy OperatorProxy => _world.Proxy;

    /// <summary>Before the API, for the gateway.</summary>
    public FaultProxy GatewayProxy { get; }

    /// <summary>A client of the gateway that has logged in.</summary>
    public RegistryClient Client { get; }

    /// <summary>What was delivered to the receiver: each delivery's number and body.</summary>
    public IReadOnlyList<(string Id, string Body)> Notices => [.. _notices];

    private string Host => string.Create(CultureInfo.InvariantCulture, $"localhost:{_port}");

    public static async Task<RegistrySite> StartAsync()
    {
        var world = await OperatorWorld.StartAsync();
        var registry = await DockerRegistry.StartAsync(new DockerRegistryOptions { RelativeLocations = true });
        var gateway = await FaultProxy.StartAsync(world.Cluster.Connection);
        var kubeconfig = await world.Installation.GatewayKubeconfigAsync(Path.Combine(world.Folder, "gateway.kubeconfig"), gateway.Address);
        var site = new RegistrySite(world, registry, await FaultProxy.StartAsync(registry.Address), gateway, kubeconfig);
        site._receiver = await LoopbackServer.StartAsync(null, site.ReceiveAsync);
        await site.DeclareAsync();
        return site;
    }

    public PortcullisProcess StartOperator() => _world.StartOperator("--apply-crds");

    public PortcullisProcess StartGateway() => PortcullisProcess.Start(
        "gateway", "--kubeconfig", _kubeconfig, "--root-source", _world.Root, "--plain-http", "--port", _port.ToString(CultureInfo.InvariantCulture), "--health-port", "0", "--metrics-port", "0");

    /// <summary>Until everything that Git declares is in force, and the gateway serves.</summary>
    public async Task UntilReadyAsync(params IReadOnlyList<PortcullisProcess> programs)
    {
        string? problem = null;
        if (!await Eventually.ComesAsync(async () => (problem = await UnreadyAsync()) is null, Patience))
        {
            throw new TimeoutException($"{problem}\n{string.Join('\n', programs.Select(p => p.Output + p.Error))}");
        }
    }

    /// <summary>Does something with the registry again and again until it succeeds: the gateway may be gone.</summary>
    public static Task UntilDoneAsync(Func<Task> deed, string what) => Eventually.HoldsAsync(() => SucceedsAsync(deed), Patience, what);

    /// <summary>Whether a deed is done; false when the other side is away.</summary>
    public static async Task<bool> SucceedsAsync(Func<Task> deed)
    {
        try
        {
            await deed();
            return true;
        }
        catch (RegistryException e) when (e.IsTransient || e.Kind is RegistryFailure.Unauthorized or RegistryFailure.NotFound or RegistryFailure.Denied)
        {
            return false;
        }
    }

    /// <summary>Every entry of a repository's ledger.</summary>
    public async Task<IReadOnlyDictionary<string, TagEntry>> LedgerAsync(string repository)
    {
        var entries = new Dictionary<string, TagEntry>(StringComparer.Ordinal);
        await foreach (var shard in _world.Cluster.Client.ListAsync(TagLedger.Definition, new ListOptions(), default))
        {
            var spec = shard.Deserialize(TagLedger.JsonType)!.Spec;
            foreach (var entry in spec.Repository == repository ? spec.Entries : [])
            {
                entries.Add(entry.Tag, entry);
            }
        }

        return entries;
    }

    public async ValueTask DisposeAsync()
    {
        await RegistryProxy.DisposeAsync();
        await GatewayProxy.DisposeAsync();
        await Registry.DisposeAsync();
        await _receiver.DisposeAsync();
        await _world.DisposeAsync();
        _handler.Dispose();
    }

    private async Task ReceiveAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        _notices.Enqueue((context.Request.Headers["webhook-id"].ToString(), await reader.ReadToEndAsync()));
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private async Task<string?> UnreadyAsync()
    {
        foreach (var (resource, name) in new[] { (Repository.Definition, "live"), (PromotionPolicy.Definition, Policy), (Collection.Definition, "shop"), (Grant.Definition, "ann") })
        {
            var status = (await _world.Cluster.Client.GetAsync(resource, ObjectKey.Cluster(name), default))?["status"];
            if (status?["conditions"]?.AsArray().Any(c => c!["type"]!.GetValue<string>() == "Ready" && c["status"]!.GetValue<string>() == "True") != true)
            {
                return $"{name} is not Ready: {status?.ToJsonString()}";
            }
        }

        try
        {
            _ = await Client.Tags.ListAsync(Builds, default);
            return null;
        }
        catch (RegistryException e)
        {
            return e.Message;
        }
    }

    private async Task DeclareAsync()
    {
        await _world.Cluster.ApplyAsync(new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Secret",
            ["metadata"] = new JsonObject { ["name"] = "passwords", ["namespace"] = Installation.Namespace, ["labels"] = new JsonObject { ["portcullis.dev/allowed-source"] = _world.Root } },
            ["stringData"] = new JsonObject { [DockerRegistry.User] = DockerRegistry.PasswordHash },
        });
        await _world.Cluster.ApplyAsync(new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Secret",
            ["metadata"] = new JsonObject
            {
                ["name"] = "hook",
                ["namespace"] = Installation.Namespace,
                ["labels"] = new JsonObject { ["portcullis.dev/allowed-source"] = _world.Root },
                ["annotations"] = new JsonObject { ["portcullis.dev/allowed-host"] = new Uri(_receiver.Address).Authority },
            },
            ["stringData"] = new JsonObject { ["secret"] = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw" },
        });
        _world.Git.Write("registry.yaml", $$"""
            apiVersion: portcullis.dev/v1alpha1
            kind: Registry
            metadata: {name: dtr}
            spec: {host: "{{Host}}", upstream: {url: "{{RegistryProxy.Address.AbsoluteUri}}"}, egress: [127.0.0.1]}
            ---
            apiVersion: portcullis.dev/v1alpha1
            kind: Repository
            metadata: {name: builds}
            spec:
              registry: dtr
              name: {{Builds}}
              immutability: {rules: [{tags: ["t*", "i*"]}]}
              webhooks: [{name: hook, events: [PROMOTION, TAG_PUSH, TAG_DELETE], url: "{{_receiver.Address}}", secretRef: {name: hook} }]
            ---
            apiVersion: portcullis.dev/v1alpha1
            kind: Repository
            metadata: {name: live}
            spec: {registry: dtr, name: {{Live}}}
            ---
            apiVersion: portcullis.dev/v1alpha1
            kind: PromotionPolicy
            metadata: {name: {{Policy}}}
            spec: {registry: dtr, source: {repository: {{Builds}}}, target: {repository: {{Live}}, tagTemplate: "%n-%H%M%S"}, criteria: [{field: Tag, operator: StartsWith, values: [t]}]}
            ---
            apiVersion: portcullis.dev/v1alpha1
            kind: Organization
            metadata: {name: acme}
            spec: {passwordsSecretRef: {name: passwords}, users: [{name: {{DockerRegistry.User}} }]}
            ---
            apiVersion: portcullis.dev/v1alpha1
            kind: Collection
            metadata: {name: shop}
            spec: {path: /shop, repositories: ["shop/*"]}
            ---
            apiVersion: portcullis.dev/v1alpha1
            kind: Grant
            metadata: {name: ann}
            spec: {subject: {kind: User, name: {{DockerRegistry.User}} }, role: None, collection: /shop, repositoryPermission: readWrite}
            """);
        _world.Commit("A registry with a promotion");
    }
}

using Microsoft.Extensions.Logging;
using Portcullis.ApiServer.Authentication;
using Portcullis.ApiServer.Discovery;
using Portcullis.ApiServer.Endpoints;
using Portcullis.ApiServer.Kinds;
using Portcullis.ApiServer.Resources;
using Portcullis.ApiServer.Serving;
using Portcullis.ApiServer.Storage;
using Portcullis.ApiServer.Tables;

namespace Portcullis.ApiServer;

/// <summary>Everything behind the port, wired once: the only place that knows all of the server's classes.</summary>
internal sealed class ServerParts : IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping;
    private readonly PolicyParts _policy;
    private Task _crds = Task.CompletedTask;

    private ServerParts(ServerCertificates certificates, PolicyParts policy, ResourceParts resources, CancellationTokenSource stopping)
    {
        Certificates = certificates;
        Resources = resources;
        _policy = policy;
        _stopping = stopping;
    }

    public ServerCertificates Certificates { get; }

    public StaticTokens Tokens => _policy.StaticTokens;

    public ResourceParts Resources { get; }

    public required RequestHandler Handler { get; init; }

    public static async Task<ServerParts> OpenAsync(
        ApiServerOptions options, Uri address, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        var certificates = ServerCertificates.Open(options.StateFolder, options.Time);
        var store = SqliteStore.Open(Path.Combine(options.StateFolder, "objects.db"), loggers.CreateLogger<SqliteStore>());
        var kinds = KindsOf(store);
        var policy = new PolicyParts(options.StateFolder, certificates.Authority, store, kinds, options.Time);
        var resources = ResourceParts.Create(
            store, kinds, new ObjectPolicy(PolicyParts.KindRules), new AdmissionChain(policy.Plugins), options.Time);
        var stopping = new CancellationTokenSource();
        var parts = new ServerParts(certificates, policy, resources, stopping)
        {
            Handler = HandlerOf(resources, policy, address, options.Time, loggers, stopping.Token),
        };
        var operations = new ResourceOperations(resources);
        await policy.StartAsync(operations, loggers, cancellationToken);
        store.ServedFrom = store.CurrentVersion;
        var crds = new CrdController(store, kinds, operations, options.Time, loggers.CreateLogger<CrdController>());
        parts._crds = crds.RunAsync(stopping.Token);
        return parts;
    }

    /// <summary>Ends watches and controllers; requests are still answered.</summary>
    public async Task StopAsync()
    {
        await _stopping.CancelAsync();
        await _crds;
        await _policy.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Resources.Store.DisposeAsync();
        Certificates.Dispose();
        _stopping.Dispose();
    }

    private static KindRegistry KindsOf(SqliteStore store)
    {
        var kinds = new KindRegistry(StandardKinds.Load());
        foreach (var crd in store.List(StandardKinds.Crds))
        {
            kinds.Set(crd.Key.Name, crd.Object);
        }

        store.BeforeVisible = kinds.OnEvent;
        return kinds;
    }

    private static RequestHandler HandlerOf(
        ResourceParts resources, PolicyParts policy, Uri address, TimeProvider time, ILoggerFactory loggers, CancellationToken stopping)
    {
        var tables = new TableWriter(time);
        var watches = new WatchEndpoint(resources.Store, tables, time, stopping);
        var reviews = new ReviewEndpoint(policy.VirtualResources, time);
        var discovery = new DiscoveryDocuments(resources.Kinds, policy.VirtualResources, address.Authority);
        return new RequestHandler(
            policy.Authenticator,
            policy.Impersonator,
            policy.Authorizer,
            new ResourceEndpoint(resources, new ObjectEncoder(tables), watches, reviews),
            new DocumentEndpoint(discovery, new OpenApiDocuments(resources.Kinds)),
            loggers.CreateLogger<RequestHandler>());
    }
}

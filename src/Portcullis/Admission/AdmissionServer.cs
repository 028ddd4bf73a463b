using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Portcullis.Core;
using Portcullis.Http.Serving;
using Portcullis.Kubernetes.Client;

namespace Portcullis.Admission;

/// <summary>
/// Serves the admission webhooks over TLS in every replica. Its address and certificate authority go to <see cref="WebhookRegistration"/>
/// once it can be called.
/// </summary>
internal sealed partial class AdmissionServer(
    AdmissionOptions options,
    CertificateSecret certificates,
    WebhookDispatcher webhooks,
    WebhookRegistration registration,
    TimeProvider time,
    ILogger<AdmissionServer> logger) : BackgroundService
{
    private const long LargestReview = 8 * 1024 * 1024;
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(2);

    /// <summary>How long a replica may lag behind one that renewed the certificate.</summary>
    private static readonly TimeSpan RenewalCheck = TimeSpan.FromMinutes(1);

    private readonly ServedCertificate _certificate = new();
    private AdmissionPaths? _paths;
    private HttpServer? _server;
    private (WebhookAddress Address, string Authority)? _registered;

    /// <summary>Nobody completes a handshake before <see cref="ExecuteAsync"/> has read the certificate.</summary>
    /// <exception cref="CannotListenException">The address cannot be had.</exception>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        _paths = new AdmissionPaths(RenewAsync, time);
        _server = await HttpServer.StartAsync(ServerOptions(), new AdmissionEndpoint(webhooks, _paths).HandleAsync, cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        if (_server is not null)
        {
            await _server.StopAsync(cancellationToken);
            await _server.DisposeAsync();
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // The API server may still be starting. Nothing waits for this server.
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await ServeAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (e is HttpRequestException or KubernetesApiException or IOException)
            {
                Log.Failed(logger, e.Message);
                await Task.Delay(RetryAfter, time, stoppingToken);
            }
        }
    }

    public override void Dispose()
    {
        _certificate.Dispose();
        base.Dispose();
    }

    private async Task ServeAsync(CancellationToken cancellationToken)
    {
        await webhooks.PrepareAsync(cancellationToken);
        await RenewAsync(cancellationToken);
        Log.Serving(logger, Port);
        while (true)
        {
            await Task.Delay(RenewalCheck, time, cancellationToken);
            await TryRenewAsync(cancellationToken);
        }
    }

    /// <summary>What was read before stays good for months: an API server that does not answer now ends nothing.</summary>
    private async Task TryRenewAsync(CancellationToken cancellationToken)
    {
        try
        {
            await RenewAsync(cancellationToken);
        }
        catch (Exception e) when (e is HttpRequestException or KubernetesApiException or IOException)
        {
            Log.NotRead(logger, e.Message);
        }
    }

    /// <summary>Takes over the certificate and the segment of the path as they are in the Secret, and registers them.</summary>
    private async Task RenewAsync(CancellationToken cancellationToken)
    {
        var serving = await certificates.GetAsync(Names(), registration.IsInForce, cancellationToken);
        _certificate.Observe(serving);
        _paths!.Accept(serving.Segments);
        var registered = (new WebhookAddress($"https://127.0.0.1:{Port}", options.Service, options.ServicePort, serving.Segment), serving.Authority);
        if (registered != _registered)
        {
            registration.Serve(registered.Item1, registered.Authority);
            _registered = registered;
        }
    }

    private int Port => new Uri(_server!.Address).Port;

    private HttpServerOptions ServerOptions() => new()
    {
        Listen = options.Service is null ? ListenAddress.Loopback(options.Port) : ListenAddress.Everywhere(options.Port),
        Limits = new RequestLimits { LargestBody = LargestReview },
        Tls = new ServerTls(() => _certificate.Current!),
    };

    private List<string> Names() => options.Service is { } service
        ? [$"{service}.{WellKnown.SystemNamespace}.svc", $"{service}.{WellKnown.SystemNamespace}.svc.cluster.local"]
        : ["127.0.0.1", "localhost"];

    private static partial class Log
    {
        [LoggerMessage(2401, LogLevel.Information, "Serving the admission webhooks on port {Port}")]
        public static partial void Serving(ILogger logger, int port);

        [LoggerMessage(2402, LogLevel.Warning, "Cannot serve the admission webhooks, retrying: {Error}")]
        public static partial void Failed(ILogger logger, string error);

        [LoggerMessage(2403, LogLevel.Warning, "Cannot read the certificate of the admission webhooks, retrying: {Error}")]
        public static partial void NotRead(ILogger logger, string error);
    }
}

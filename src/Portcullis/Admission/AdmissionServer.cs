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
    private volatile AdmissionPaths? _paths;
    private int? _port;
    private (WebhookAddress Address, string Authority)? _registered;

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
        var paths = new AdmissionPaths(RenewAsync, time);
        (_paths, _port) = (paths, null);
        await RenewAsync(cancellationToken);
        await using var server = await HttpServer.StartAsync(ServerOptions(), new AdmissionEndpoint(webhooks, paths).HandleAsync, cancellationToken);
        _port = new Uri(server.Address).Port;
        await RenewAsync(cancellationToken);
        Log.Serving(logger, _port.Value);
        try
        {
            while (true)
            {
                await Task.Delay(RenewalCheck, time, cancellationToken);
                await TryRenewAsync(cancellationToken);
            }
        }
        finally
        {
            await server.StopAsync(CancellationToken.None);
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

    /// <summary>Takes over the certificate and the segment of the path as they are in the Secret, and registers them once there is a server.</summary>
    private async Task RenewAsync(CancellationToken cancellationToken)
    {
        var serving = await certificates.GetAsync(Names(), cancellationToken);
        _certificate.Observe(serving);
        _paths!.Accept(serving.Segments);
        if (_port is not { } port)
        {
            return;
        }

        var registered = (new WebhookAddress($"https://127.0.0.1:{port}", options.Service, options.ServicePort, serving.Segment), serving.Authority);
        if (registered != _registered)
        {
            registration.Serve(registered.Item1, registered.Authority);
            _registered = registered;
        }
    }

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

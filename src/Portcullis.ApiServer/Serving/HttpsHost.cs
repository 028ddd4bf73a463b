using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Portcullis.ApiServer.Serving;

/// <summary>Kestrel on a loopback port with TLS, and nothing of a web application but its one handler.</summary>
internal sealed class HttpsHost : IAsyncDisposable
{
    private readonly WebApplication _application;

    private HttpsHost(WebApplication application) => _application = application;

    public static async Task<HttpsHost> StartAsync(
        int port, X509Certificate2 certificate, RequestDelegate handler, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        // Empty: no file or variable that happens to be there may add an endpoint, and none is watched.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton(loggers);
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(options => Configure(options, port, certificate));
        var application = builder.Build();
        application.Run(handler);
        await application.StartAsync(cancellationToken);
        return new HttpsHost(application);
    }

    public async ValueTask DisposeAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        await _application.StopAsync(patience.Token);
        await _application.DisposeAsync();
    }

    private static void Configure(KestrelServerOptions options, int port, X509Certificate2 certificate)
    {
        options.AddServerHeader = false;
        options.AllowSynchronousIO = false;
        options.Limits.MaxRequestBodySize = null; // the handler answers 413 itself, as a Status
        options.Limits.MinRequestBodyDataRate = null;
        options.Limits.MinResponseDataRate = null; // watches are silent for long
        options.Limits.Http2.MaxStreamsPerConnection = 1000;
        options.Listen(IPAddress.Loopback, port, listen =>
        {
            listen.Protocols = HttpProtocols.Http1AndHttp2;
            listen.UseHttps(new HttpsConnectionAdapterOptions
            {
                ServerCertificate = certificate,
                ClientCertificateMode = ClientCertificateMode.AllowCertificate,
                // Whose certificate it is, is the authenticator's question: an unknown one is nobody, not a broken connection.
                ClientCertificateValidation = (_, _, _) => true,
            });
        });
    }

    /// <summary>The program that embeds the server decides when it stops; signals are not this host's business.</summary>
    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}

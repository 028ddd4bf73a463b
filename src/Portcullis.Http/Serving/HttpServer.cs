using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Portcullis.Http.Serving;

/// <summary>
/// A running HTTP server, and the one way to start one. Its options alone configure it: no appsettings.json of the working
/// folder, no ASPNETCORE_ variable and no signal changes it.
/// </summary>
public sealed class HttpServer : IAsyncDisposable
{
    private static readonly TimeSpan StopWithin = TimeSpan.FromSeconds(2);
    private readonly WebApplication _application;

    private HttpServer(WebApplication application) => _application = application;

    /// <summary>Where it listens, as a URL, with the port that was free when none was given.</summary>
    public string Address => _application.Urls.First();

    /// <summary>Starts a server of one endpoint that answers every request.</summary>
    /// <exception cref="CannotListenException">The address cannot be had.</exception>
    public static Task<HttpServer> StartAsync(HttpServerOptions options, RequestDelegate endpoint, CancellationToken cancellationToken) =>
        StartAsync(options, _ => { }, application => application.Run(endpoint), cancellationToken);

    /// <summary>Starts a server whose endpoints have services of their own.</summary>
    /// <exception cref="CannotListenException">The address cannot be had.</exception>
    public static async Task<HttpServer> StartAsync(
        HttpServerOptions options, Action<IServiceCollection> services, Action<WebApplication> endpoints, CancellationToken cancellationToken)
    {
        var socket = options.Listen as ListenAddress.UnixSocket;
        if (socket is not null)
        {
            await SocketFile.RemoveStaleAsync(socket, cancellationToken);
        }

        var shares = KestrelSettings.SharesOf(options);
        var application = Build(options, shares, services);
        if (shares is not null)
        {
            application.Use(ConnectionShares.Around);
        }

        endpoints(application);
        await StartAsync(application, options.Listen, cancellationToken);
        if (socket is not null)
        {
            SocketFile.Protect(socket);
        }

        return new HttpServer(application);
    }

    /// <summary>Takes no new requests and waits for those under way, until the token is cancelled.</summary>
    public Task StopAsync(CancellationToken cancellationToken) => _application.StopAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        using var patience = new CancellationTokenSource(StopWithin);
        await _application.StopAsync(patience.Token);
        await _application.DisposeAsync();
    }

    private static WebApplication Build(HttpServerOptions options, ConnectionShares? shares, Action<IServiceCollection> services)
    {
        // Empty: without configuration sources and log providers. The program's own folder in place of the working folder.
#pragma warning disable RS0030 // this is the one place
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
#pragma warning restore RS0030
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton<IHostLifetime, NoSignals>();
        if (options.Loggers is { } loggers)
        {
            builder.Services.AddSingleton<ILoggerFactory>(new ServerLoggers(loggers));
        }

        services(builder.Services);
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => KestrelSettings.Apply(kestrel, options, shares));
        return builder.Build();
    }

    private static async Task StartAsync(WebApplication application, ListenAddress address, CancellationToken cancellationToken)
    {
        try
        {
            await application.StartAsync(cancellationToken);
        }
        catch (Exception e)
        {
            await application.DisposeAsync();
            if (Reason(e) is { } reason)
            {
                throw new CannotListenException(address, reason, e);
            }

            throw;
        }
    }

    private static SocketError? Reason(Exception failure) => failure switch
    {
        IOException { InnerException: AddressInUseException } => SocketError.AddressAlreadyInUse,
        SocketException e => e.SocketErrorCode,
        _ => null,
    };

    /// <summary>The program that started the server decides when it stops.</summary>
    private sealed class NoSignals : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}

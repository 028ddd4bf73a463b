using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;

namespace Portcullis.Sources;

/// <summary>Listens for push notices on a port of its own (Flux's 9292), apart from metrics and admission. One-machine use listens on loopback.</summary>
internal sealed class ReceiverServer(PushNotices notices, GitSourcesOptions options) : IHostedService
{
    private WebApplication? _server;

    /// <summary>Where it listens; null before the start or without a port.</summary>
    public string? Address => _server?.Urls.FirstOrDefault();

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (options.ReceiverPort is not { } port)
        {
            return;
        }

        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = PushNotices.BodyLimit;
            kestrel.AddServerHeader = false;
            kestrel.Listen(options.AllowLocal ? IPAddress.Loopback : IPAddress.IPv6Any, port);
        });
        _server = builder.Build();
        _server.Run(async context =>
        {
            context.Response.StatusCode = HttpMethods.IsPost(context.Request.Method)
                ? await notices.ReceiveAsync(context.Request, context.RequestAborted)
                : StatusCodes.Status405MethodNotAllowed;
        });
        await _server.StartAsync(cancellationToken);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_server is not null)
        {
            await _server.StopAsync(cancellationToken);
            await _server.DisposeAsync();
        }
    }
}

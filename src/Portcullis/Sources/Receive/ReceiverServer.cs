using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Portcullis.Http.Serving;

namespace Portcullis.Sources.Receive;

/// <summary>Listens for notices on a port of its own (Flux's 9292), apart from metrics and admission. One-machine use listens on loopback.</summary>
internal sealed class ReceiverServer(IEnumerable<INoticeReceiver> receivers, GitSourcesOptions options) : IHostedService
{
    private HttpServer? _server;

    /// <summary>Where it listens; null before the start or without a port.</summary>
    public string? Address => _server?.Address;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (options.ReceiverPort is not { } port)
        {
            return;
        }

        var server = new HttpServerOptions
        {
            Listen = options.AllowLocal ? ListenAddress.Loopback(port) : ListenAddress.Everywhere(port),
            Limits = new RequestLimits { LargestBody = NoticeBody.Limit },
        };
        _server = await HttpServer.StartAsync(server, ReceiveAsync, cancellationToken);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_server is not null)
        {
            await _server.StopAsync(cancellationToken);
            await _server.DisposeAsync();
        }
    }

    private async Task ReceiveAsync(HttpContext context)
    {
        var path = context.Request.Path.Value ?? "";
        var receiver = receivers.FirstOrDefault(r => path.StartsWith(r.PathPrefix, StringComparison.Ordinal));
        context.Response.StatusCode = !HttpMethods.IsPost(context.Request.Method) ? StatusCodes.Status405MethodNotAllowed
            : receiver is null ? StatusCodes.Status404NotFound
            : await receiver.ReceiveAsync(context.Request, context.RequestAborted);
    }
}

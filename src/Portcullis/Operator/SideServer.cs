using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Portcullis.Http.Serving;

namespace Portcullis.Operator;

/// <summary>An HTTP server beside the controllers with its own address: one for probes, one for metrics.</summary>
internal sealed class SideServer(ListenAddress address, Action<IServiceCollection> services, Action<IEndpointRouteBuilder> endpoints) : IHostedService
{
    private HttpServer? _server;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var options = new HttpServerOptions { Listen = address, Limits = new RequestLimits { LargestBody = 0 } };
        _server = await HttpServer.StartAsync(options, services, endpoints, cancellationToken);
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

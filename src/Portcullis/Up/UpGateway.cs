using System.Globalization;
using Microsoft.Extensions.Hosting;
using Portcullis.Http.Serving;
using Portcullis.Processes;

namespace Portcullis.Up;

/// <summary>The gateway of one run. Without it everything else goes on: what keeps it from starting is shown as the state of a component.</summary>
internal sealed class UpGateway : IAsyncDisposable
{
    public const string Name = "gateway";

    private readonly IHost? _host;

    private UpGateway(IHost? host) => _host = host;

    /// <param name="options">Its port.</param>
    /// <param name="hosts">Builds it.</param>
    /// <param name="report">Told how it is.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    public static async Task<UpGateway> StartAsync(UpOptions options, UpHosts hosts, Action<ComponentReport> report, CancellationToken cancellationToken)
    {
        if (options.Without.Contains(Name))
        {
            return new UpGateway(null);
        }

        var host = hosts.Gateway();
        try
        {
            await host.StartAsync(cancellationToken);
            report(new ComponentReport(Name, ComponentState.Running, string.Create(CultureInfo.InvariantCulture, $"https://localhost:{options.GatewayPort}")));
            return new UpGateway(host);
        }
        catch (CannotListenException e)
        {
            report(new ComponentReport(Name, ComponentState.Failed, $"{e.Message} with --gateway-port"));
            host.Dispose();
            return new UpGateway(null);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_host is not null)
        {
            await _host.StopAsync(CancellationToken.None);
            _host.Dispose();
        }
    }
}

using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Portcullis.Http.Serving;
using Portcullis.Processes;

namespace Portcullis.Up;

/// <summary>The gateway of one run. Without it everything else goes on: what keeps it from starting is shown as the state of a component.</summary>
internal sealed class UpGateway : IAsyncDisposable
{
    public const string Name = "gateway";

    private readonly IHost? _host;
    private readonly CancellationTokenRegistration _ended;

    private UpGateway(IHost? host, CancellationTokenRegistration ended = default) => (_host, _ended) = (host, ended);

    /// <param name="options">Its port.</param>
    /// <param name="build">Builds it.</param>
    /// <param name="report">Is called with how it is.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    public static async Task<UpGateway> StartAsync(UpOptions options, Func<IHost> build, Action<ComponentReport> report, CancellationToken cancellationToken)
    {
        if (options.Without.Contains(Name))
        {
            return new UpGateway(null);
        }

        var host = build();
        try
        {
            await host.StartAsync(cancellationToken);
            report(new ComponentReport(Name, ComponentState.Running, string.Create(CultureInfo.InvariantCulture, $"https://localhost:{options.GatewayPort}")));
            return new UpGateway(host, WhenEnded(host, report));
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
        await _ended.DisposeAsync();
        if (_host is not null)
        {
            await _host.StopAsync(CancellationToken.None);
            _host.Dispose();
        }
    }

    /// <summary>What ends before the run does is not running any more, whatever was said of it.</summary>
    private static CancellationTokenRegistration WhenEnded(IHost host, Action<ComponentReport> report) => host.Services.GetRequiredService<IHostApplicationLifetime>()
        .ApplicationStopping.Register(() => report(new ComponentReport(Name, ComponentState.Stopped, "it has ended; gateway.log in the state folder says why")));
}

using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Portcullis.Kubernetes.Controllers;
using Portcullis.Kubernetes.Leadership;

namespace Portcullis.Kubernetes.Hosting;

/// <summary>
/// Starts everything in its order: stores at once and for good (also in a process that does not lead, so that it can take over
/// warm), controllers when the stores are read and this process leads. Leadership lost means: the controllers stop and the host ends, with
/// all that it remembers; whoever started it starts another.
/// </summary>
internal sealed partial class RuntimeHost(
    RuntimeStores stores,
    IEnumerable<IControllerLoop> controllers,
    Leader leader,
    RuntimeHealth health,
    IHostApplicationLifetime lifetime,
    ILogger<RuntimeHost> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var watching = stores.Start(stoppingToken);
        try
        {
            await Task.WhenAll(stores.SyncedAsync(stoppingToken), leader.AcquireAsync(stoppingToken));
            Log.Controls(logger, stores.Count);
            using var term = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, leader.Lost);

            // At once: a reconcile that does not stop must not keep the host from ending.
            await using var ending = leader.Lost.Register(lifetime.StopApplication);
            await Task.WhenAll(controllers.Select(c => Start(c, term.Token)).ToList());
            if (leader.Lost.IsCancellationRequested)
            {
                Log.LeadershipLost(logger);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopping.
        }
        finally
        {
            await leader.ReleaseAsync();
        }

        await Task.WhenAll(watching);
    }

    private Task Start(IControllerLoop controller, CancellationToken cancellationToken)
    {
        var loop = Task.Run(() => controller.RunAsync(cancellationToken), CancellationToken.None);
        health.Controls(controller, loop);
        return loop;
    }

    private static partial class Log
    {
        [LoggerMessage(1201, LogLevel.Information, "{Count} stores are synced; starting the controllers")]
        public static partial void Controls(ILogger logger, int count);

        [LoggerMessage(1202, LogLevel.Error, "Leadership was lost; the controllers have stopped")]
        public static partial void LeadershipLost(ILogger logger);
    }
}

using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Portcullis.Kubernetes.Client;
using Portcullis.Kubernetes.Controllers;
using Portcullis.Kubernetes.Leadership;
using Portcullis.Kubernetes.Stores;

namespace Portcullis.Kubernetes.Hosting;

/// <summary>
/// Starts everything in its order: stores at once and for good (also in a process that does not lead, so that it can take over
/// warm), controllers when the stores are read and this process leads. Leadership lost means: stop the controllers and end the
/// process; whoever started it starts it again.
/// </summary>
internal sealed partial class RuntimeHost(
    KubernetesClient client,
    IEnumerable<ReflectorSource> sources,
    IEnumerable<IControllerLoop> controllers,
    Leader leader,
    RuntimeHealth health,
    IHostApplicationLifetime lifetime,
    TimeProvider time,
    ILoggerFactory loggers) : BackgroundService
{
    private readonly ILogger _logger = loggers.CreateLogger<RuntimeHost>();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var stores = sources.ToList();
        var watching = StartReflectors(stores, stoppingToken);
        try
        {
            await Task.WhenAll(stores.Select(s => s.SyncedAsync(stoppingToken)).Append(leader.AcquireAsync(stoppingToken)));
            Log.Controls(_logger, stores.Count);
            using var term = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, leader.Lost);
            var loops = controllers.Select(c => Start(c, term.Token)).ToList();
            await Task.WhenAll(loops);
            if (leader.Lost.IsCancellationRequested)
            {
                Log.LeadershipLost(_logger);
                Environment.ExitCode = 1;
                lifetime.StopApplication();
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

    private List<Task> StartReflectors(List<ReflectorSource> stores, CancellationToken cancellationToken)
    {
        var logger = loggers.CreateLogger<Reflector>();
        var running = new List<(ReflectorSource Source, Reflector Reflector, Task Loop)>();
        foreach (var source in stores)
        {
            var reflector = new Reflector(client.Collection(source.Resource, source.Options), source.Store, new ReflectorOptions(), time, logger);
            running.Add((source, reflector, Task.Run(() => reflector.RunAsync(cancellationToken), CancellationToken.None)));
        }

        health.Started(running);
        return [.. running.Select(r => r.Loop)];
    }

    private Task Start(IControllerLoop controller, CancellationToken cancellationToken)
    {
        var loop = Task.Run(() => controller.RunAsync(cancellationToken), CancellationToken.None);
        health.Controls(controller, loop);
        return loop;
    }

    private static partial class Log
    {
        [LoggerMessage(1201, LogLevel.Information, "The stores ({Count}) are read; the controllers start")]
        public static partial void Controls(ILogger logger, int count);

        [LoggerMessage(1202, LogLevel.Error, "Leadership is lost; the process ends so that it can start afresh")]
        public static partial void LeadershipLost(ILogger logger);
    }
}

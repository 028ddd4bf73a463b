using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Portcullis.ApiServer.Storage;

namespace Portcullis.ApiServer.Controllers;

/// <summary>
/// Runs the built-in controllers: observes every write as it is made, processes every key once, then those that change.
/// </summary>
internal sealed class ControllerHost(
    IReadOnlyList<IBuiltInController> controllers, IObjectStore store, TimeProvider time, ILoggerFactory loggers) : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Channel<StoreEvent> _changes = Channel.CreateUnbounded<StoreEvent>(new UnboundedChannelOptions { SingleReader = true });
    private IDisposable? _observation;
    private Task _running = Task.CompletedTask;

    public void Start()
    {
        // Observes first and lists second, so that no change is missed.
        _observation = store.Observe(change => _changes.Writer.TryWrite(change));
        var logger = loggers.CreateLogger<ControllerHost>();
        var loops = controllers.Select(controller => new BuiltInControllerLoop(controller, time, logger)).ToList();
        _running = Task.WhenAll(loops.Select(loop => Task.Run(() => loop.RunAsync(_stop.Token))).Append(Task.Run(() => DispatchAsync(loops))));
    }

    public async ValueTask DisposeAsync()
    {
        _observation?.Dispose();
        await _stop.CancelAsync();
        try
        {
            await _running;
        }
        catch (OperationCanceledException)
        {
            // As asked.
        }

        _stop.Dispose();
    }

    private async Task DispatchAsync(IReadOnlyList<BuiltInControllerLoop> loops)
    {
        foreach (var loop in loops)
        {
            loop.EnqueueAll();
        }

        await foreach (var change in _changes.Reader.ReadAllAsync(_stop.Token))
        {
            foreach (var loop in loops)
            {
                loop.Observe(change);
            }
        }
    }
}

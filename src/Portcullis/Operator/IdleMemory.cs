using Microsoft.Extensions.Hosting;

namespace Portcullis.Operator;

/// <summary>
/// Gives memory back once the program has come to rest. The runtime collects when something allocates; a controller that has nothing to do
/// allocates nothing, and would keep for days what reading thousands of objects at the start needed for a second.
/// </summary>
internal sealed class IdleMemory(TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(5);

    /// <summary>So little between two looks is rest: probes, scrapes, bookmarks.</summary>
    private const long Rest = 4L << 20;

    /// <summary>Worth a collection.</summary>
    private const long Worth = 32L << 20;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        long before = 0, collected = 0;
        using var timer = new PeriodicTimer(Look, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                var allocated = GC.GetTotalAllocatedBytes();
                if (allocated - before < Rest && allocated - collected > Worth)
                {
                    GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
                    collected = allocated;
                }

                before = allocated;
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopping.
        }
    }
}

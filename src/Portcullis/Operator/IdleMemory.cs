using Microsoft.Extensions.Hosting;

namespace Portcullis.Operator;

/// <summary>
/// Returns memory to the system once the program is idle. The runtime collects when something allocates; an idle controller allocates
/// nothing, and would keep for days what reading thousands of objects at the start needed for a second.
/// </summary>
internal sealed class IdleMemory(TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    /// <summary>Allocations between two checks below which the program counts as idle: probes, scrapes, bookmarks.</summary>
    private const long IdleAllocations = 4L << 20;

    /// <summary>Allocations since the last collection that justify another one; what the start left is collected however little it is.</summary>
    private const long WorthCollecting = 32L << 20;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        long before = 0, collected = -WorthCollecting;
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                var allocated = GC.GetTotalAllocatedBytes();
                if (allocated - before < IdleAllocations && allocated - collected > WorthCollecting)
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

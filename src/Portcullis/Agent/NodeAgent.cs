using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Portcullis.Core.Hardening;

namespace Portcullis.Agent;

/// <summary>
/// Runs the tasks of one node and reports what they say. One round at a time, started by anything that may matter (a file, the engine, the
/// declarations, a timer) and always from the present state.
/// </summary>
internal sealed partial class NodeAgent(
    AgentOptions options, IEnumerable<INodeTask> tasks, INodeCluster cluster, TimeProvider time, ILogger<NodeAgent> logger) : BackgroundService
{
    private static readonly TimeSpan ReportRetry = TimeSpan.FromSeconds(2);
    private readonly IReadOnlyList<INodeTask> _tasks = [.. tasks];
    private readonly Dictionary<INodeTask, TaskReport> _reports = [];
    private readonly WakeSignal _wake = new(time);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var watching = _tasks.Select(t => t.WatchAsync(_wake.Set, stoppingToken)).ToList();
        try
        {
            using var subscription = cluster.Subscribe(WakeAll);
            _ = SyncAsync(stoppingToken);
            while (true)
            {
                if (!await _wake.WaitAsync(await RoundAsync(stoppingToken), stoppingToken))
                {
                    InvalidateAll();
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopping: whatever was in progress is recorded.
        }

        await Task.WhenAll(watching);
    }

    private async Task SyncAsync(CancellationToken cancellationToken)
    {
        try
        {
            await cluster.SyncAsync(cancellationToken);
            WakeAll();
        }
        catch (OperationCanceledException)
        {
            // Stopping.
        }
    }

    private void InvalidateAll()
    {
        foreach (var task in _tasks)
        {
            task.Invalidate();
        }
    }

    private void WakeAll()
    {
        InvalidateAll();
        _wake.Set();
    }

    /// <summary>Runs every task and reports; returns when the next round is due although nothing changed.</summary>
    private async Task<TimeSpan> RoundAsync(CancellationToken cancellationToken)
    {
        var (next, isNew) = (options.Resync, false);
        foreach (var task in _tasks)
        {
            var result = await RunAsync(task, cancellationToken);
            next = result.RetryIn is { } retry && retry < next ? retry : next;
            if (result.Report is { } report)
            {
                (_reports[task], isNew) = (report, true);
            }
        }

        return !isNew || _reports.Count < _tasks.Count || !cluster.IsSynced || await cluster.ReportAsync(Report(), cancellationToken)
            ? next
            : TimeSpan.FromTicks(Math.Min(next.Ticks, ReportRetry.Ticks));
    }

    private NodeReportStatus Report()
    {
        var reports = _tasks.Select(t => _reports[t]).ToList();
        return reports.Aggregate(new NodeReportStatus { Hardenings = NodeReportJudge.Merge(reports.Select(r => r.Hardenings)) }, (status, report) => report.Write(status));
    }

    /// <summary>A task that fails stops neither the others nor the agent: the next round starts from the present state.</summary>
    private async Task<TaskResult> RunAsync(INodeTask task, CancellationToken cancellationToken)
    {
        try
        {
            return await task.RunAsync(cancellationToken);
        }
#pragma warning disable CA1031 // whatever a task throws is its own failure
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            Log.TaskFailed(logger, e, task.GetType().Name, e.Message);
            return new TaskResult(null, null);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(5002, LogLevel.Error, "{Task} failed and will be retried: {Problem}")]
        public static partial void TaskFailed(ILogger logger, Exception exception, string task, string problem);
    }
}

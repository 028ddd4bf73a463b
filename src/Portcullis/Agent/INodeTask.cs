using Portcullis.Core.Hardening;

namespace Portcullis.Agent;

/// <summary>
/// One thing that the agent keeps as declared on its node. A task gathers, plans, runs and judges by itself, and writes its own fields of the
/// NodeReport. A new one is a new folder and one line in <see cref="AgentServices"/>.
/// </summary>
internal interface INodeTask : IDisposable
{
    /// <summary>Starts watching what the task depends on besides the cluster.</summary>
    /// <param name="wake">To be called when a round is due.</param>
    /// <param name="cancellationToken">Ends watching.</param>
    /// <returns>Completes when watching has ended.</returns>
    Task WatchAsync(Action wake, CancellationToken cancellationToken);

    /// <summary>What was read before may have changed: the next round reads everything again.</summary>
    void Invalidate();

    /// <summary>One round, from the present state of the node to a report about it.</summary>
    Task<TaskResult> RunAsync(CancellationToken cancellationToken);
}

/// <summary>What came of a round.</summary>
/// <param name="Report">Null when the node is about to change and there is nothing to report yet.</param>
/// <param name="RetryIn">When the next round is due although nothing changed; null for the usual interval.</param>
internal sealed record TaskResult(TaskReport? Report, TimeSpan? RetryIn);

/// <summary>What a task says of the node.</summary>
/// <param name="Hardenings">Each NodeHardening, as far as this task goes.</param>
/// <param name="Write">Sets the task's own fields of the NodeReport.</param>
internal sealed record TaskReport(IReadOnlyList<HardeningReport> Hardenings, Func<NodeReportStatus, NodeReportStatus> Write);

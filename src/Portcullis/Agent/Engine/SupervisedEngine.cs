using Portcullis.Core.Hardening;
using Portcullis.Processes;

namespace Portcullis.Agent.Engine;

/// <summary>The private engine of <c>portcullis up</c>, a child of this program.</summary>
internal sealed class SupervisedEngine(SupervisedProcess process) : IEngineProcess
{
    public Task RestartAsync(CancellationToken cancellationToken) => process.RestartAsync(cancellationToken);

    /// <summary>The supervisor starts it again by itself, with back-off.</summary>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<EngineProcessState> StateAsync(CancellationToken cancellationToken) => Task.FromResult(process.Report.State switch
    {
        ComponentState.Running => EngineProcessState.Running,
        ComponentState.Failed => EngineProcessState.Failed,
        ComponentState.Stopped or ComponentState.Missing => EngineProcessState.Stopped,
        _ => EngineProcessState.Unknown,
    });

    public Task<string?> LastErrorAsync(CancellationToken cancellationToken) => Task.FromResult(EngineLog.LastErrorIn(process.Spec.LogFile));
}

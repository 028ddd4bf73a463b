using Portcullis.Agent.Engine;
using Portcullis.Core.Hardening;
using Portcullis.Testing.Engines;

namespace Portcullis.Tests.Agent;

/// <summary>Starts and stops the engine as systemd would, which calls a unit that it is starting neither active nor failed.</summary>
internal sealed class FixtureEngineProcess(DockerEngine engine) : IEngineProcess
{
    private int _starting;

    public async Task RestartAsync(CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _starting);
        try
        {
            await engine.StopAsync(kill: false);
            await engine.TryStartAsync(cancellationToken);
        }
        finally
        {
            Interlocked.Decrement(ref _starting);
        }
    }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _starting);
        try
        {
            await engine.TryStartAsync(cancellationToken);
        }
        finally
        {
            Interlocked.Decrement(ref _starting);
        }
    }

    public Task<EngineProcessState> StateAsync(CancellationToken cancellationToken) => Task.FromResult(
        engine.Pid is not null ? EngineProcessState.Running
        : Volatile.Read(ref _starting) > 0 ? EngineProcessState.Unknown
        : EngineProcessState.Failed);

    public Task<string?> LastErrorAsync(CancellationToken cancellationToken) => Task.FromResult(EngineLog.LastErrorIn(engine.LogFile));
}

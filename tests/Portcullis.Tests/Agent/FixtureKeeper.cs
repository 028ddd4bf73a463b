using Portcullis.Agent;
using Portcullis.Core.Hardening;
using Portcullis.Testing.Engines;

namespace Portcullis.Tests.Agent;

/// <summary>Starts and stops the engine as systemd would.</summary>
internal sealed class FixtureKeeper(DockerEngine engine) : IEngineProcess
{
    public async Task RestartAsync(CancellationToken cancellationToken)
    {
        await engine.StopAsync(kill: false);
        await engine.TryStartAsync(cancellationToken);
    }

    public Task StartAsync(CancellationToken cancellationToken) => engine.TryStartAsync(cancellationToken);

    public Task<EngineProcessState> StateAsync(CancellationToken cancellationToken) =>
        Task.FromResult(engine.Pid is null ? EngineProcessState.Failed : EngineProcessState.Running);

    public Task<string?> LastErrorAsync(CancellationToken cancellationToken) => Task.FromResult(EngineLog.LastErrorIn(engine.LogFile));
}

using Portcullis.Agent.Engine;
using Portcullis.Core.Hardening;
using Portcullis.Testing.Engines;
using Portcullis.Testing;

namespace Portcullis.Tests.Hardening.Soak;

/// <summary>
/// Keeps the engine as systemd keeps docker.service (<c>Restart=always</c>, <c>StartLimitBurst=3</c>): one that dies is started again, one
/// that fell over three times in a row has failed, and what was ordered is carried out though the orderer dies.
/// </summary>
internal sealed class SoakEngineProcess : IEngineProcess
{
    private const int Burst = 3;
    private static readonly TimeSpan RestartPause = TimeSpan.FromMilliseconds(200);
    private readonly DockerEngine _engine;
    private readonly SemaphoreSlim _gate = new(1);
    private readonly CancellationTokenSource _end = new();
    private readonly Task _keeping;
    private bool _isWanted = true;
    private int _failures;

    public SoakEngineProcess(DockerEngine engine)
    {
        _engine = engine;
        _keeping = KeepAsync();
    }

    public Task RestartAsync(CancellationToken cancellationToken) => OrderAsync(async () =>
    {
        await _engine.StopAsync(kill: false);
        await StartedAsync();
    }).WaitAsync(cancellationToken);

    public Task StartAsync(CancellationToken cancellationToken) => OrderAsync(async () =>
    {
        if (_engine.Pid is null)
        {
            await StartedAsync();
        }
    }).WaitAsync(cancellationToken);

    /// <summary>SIGKILL, without a word to this supervisor.</summary>
    public Task KillAsync() => _gate.AloneAsync(() => _engine.StopAsync(kill: true));

    public Task StopAsync() => _gate.AloneAsync(() =>
    {
        _isWanted = false;
        return _engine.StopAsync(kill: false);
    });

    public Task ReloadAsync() => _gate.AloneAsync(() => _engine.Pid is null ? Task.CompletedTask : _engine.ReloadAsync());

    public Task<EngineProcessState> StateAsync(CancellationToken cancellationToken)
    {
        if (!_gate.Wait(0, CancellationToken.None))
        {
            return Task.FromResult(EngineProcessState.Unknown);
        }

        try
        {
            return Task.FromResult(
                _engine.Pid is not null ? EngineProcessState.Running
                : !_isWanted ? EngineProcessState.Stopped
                : _failures >= Burst ? EngineProcessState.Failed
                : EngineProcessState.Unknown);
        }
        finally
        {
            _gate.Release();
        }
    }

    public Task<string?> LastErrorAsync(CancellationToken cancellationToken) => Task.FromResult(EngineLog.LastErrorIn(_engine.LogFile));

    /// <summary>Not by disposal: each agent that ends would dispose of it, and it outlives them.</summary>
    public async Task EndAsync()
    {
        await _end.CancelAsync();
        await _keeping;
        await _gate.WaitAsync();
        _gate.Dispose();
        _end.Dispose();
    }

    private Task OrderAsync(Func<Task> carryOut) => _gate.AloneAsync(() =>
    {
        _isWanted = true;
        _failures = 0;
        return carryOut();
    });

    private async Task KeepAsync()
    {
        while (!_end.IsCancellationRequested)
        {
            await Task.Delay(RestartPause, TimeProvider.System, _end.Token).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            await _gate.AloneAsync(() => _isWanted && _engine.Pid is null && _failures < Burst && !_end.IsCancellationRequested ? StartedAsync() : Task.CompletedTask);
        }
    }

    private async Task StartedAsync() => _failures = await _engine.TryStartAsync(CancellationToken.None) is null ? 0 : _failures + 1;
}

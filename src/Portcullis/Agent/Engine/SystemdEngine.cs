using Portcullis.Core.Hardening;

namespace Portcullis.Agent.Engine;

/// <summary>An engine that is a systemd unit, as on most machines.</summary>
internal sealed class SystemdEngine(string unit) : IEngineProcess
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(2);

    /// <summary>A unit that failed too often in a row is not started again before that is reset.</summary>
    public async Task RestartAsync(CancellationToken cancellationToken)
    {
        await HostCommand.RunAsync("systemctl", ["reset-failed", unit], Timeout, cancellationToken);
        await HostCommand.RunAsync("systemctl", ["restart", unit], Timeout, cancellationToken);
    }

    public Task StartAsync(CancellationToken cancellationToken) => RestartAsync(cancellationToken);

    public async Task<EngineProcessState> StateAsync(CancellationToken cancellationToken)
    {
        var result = await HostCommand.RunAsync("systemctl", ["is-active", unit], Timeout, cancellationToken);
        return result.Output.Trim() switch
        {
            "active" => EngineProcessState.Running,
            "inactive" => EngineProcessState.Stopped,
            "failed" => EngineProcessState.Failed,
            _ => EngineProcessState.Unknown,
        };
    }

    public async Task<string?> LastErrorAsync(CancellationToken cancellationToken)
    {
        var result = await HostCommand.RunAsync("journalctl", ["-u", unit, "-n", "100", "-o", "cat", "--no-pager"], Timeout, cancellationToken);
        return result.ExitCode == 0 ? EngineLog.LastError(result.Output.Split('\n')) : null;
    }
}

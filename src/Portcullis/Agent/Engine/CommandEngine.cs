using Portcullis.Core.Hardening;

namespace Portcullis.Agent.Engine;

/// <summary>An engine that a command of the administrator restarts (without systemd, or in a container).</summary>
internal sealed class CommandEngine(string command, string? logFile) : IEngineProcess
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(2);

    public async Task RestartAsync(CancellationToken cancellationToken)
    {
        var result = await HostCommand.RunAsync("/bin/sh", ["-c", command], Timeout, cancellationToken);
        if (result.ExitCode != 0)
        {
            throw new IOException($"the restart command failed with exit code {result.ExitCode}: {result.Output.Trim()}");
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => RestartAsync(cancellationToken);

    public Task<EngineProcessState> StateAsync(CancellationToken cancellationToken) => Task.FromResult(EngineProcessState.Unknown);

    public Task<string?> LastErrorAsync(CancellationToken cancellationToken) => Task.FromResult(logFile is null ? null : EngineLog.LastErrorIn(logFile));
}

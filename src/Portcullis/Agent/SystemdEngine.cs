using System.Diagnostics;
using Portcullis.Core.Hardening;

namespace Portcullis.Agent;

/// <summary>Runs one program to its end and gives its output, bounded in time.</summary>
internal static class HostCommand
{
    private const int LongestOutput = 64 * 1024;

    public static async Task<(int ExitCode, string Output)> RunAsync(
        string program, IReadOnlyList<string> arguments, TimeSpan within, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(within);
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start) ?? throw new IOException($"{program} cannot be started");
        process.StandardInput.Close();
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(limit.Token);
            var error = process.StandardError.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            var text = await output + await error;
            return (process.ExitCode, text.Length <= LongestOutput ? text : text[^LongestOutput..]);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            cancellationToken.ThrowIfCancellationRequested();
            return (-1, $"{program} did not end within {within.TotalSeconds:0} s");
        }
    }
}

/// <summary>An engine that is a systemd unit: the usual one of a machine.</summary>
internal sealed class SystemdEngine(string unit) : IEngineProcess
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    // A unit that fell over too often in a row is not started again before that is forgotten.
    public async Task RestartAsync(CancellationToken cancellationToken)
    {
        await HostCommand.RunAsync("systemctl", ["reset-failed", unit], Patience, cancellationToken);
        await HostCommand.RunAsync("systemctl", ["restart", unit], Patience, cancellationToken);
    }

    public Task StartAsync(CancellationToken cancellationToken) => RestartAsync(cancellationToken);

    public async Task<EngineProcessState> StateAsync(CancellationToken cancellationToken)
    {
        var (_, output) = await HostCommand.RunAsync("systemctl", ["is-active", unit], Patience, cancellationToken);
        return output.Trim() switch
        {
            "active" => EngineProcessState.Running,
            "inactive" => EngineProcessState.Stopped,
            "failed" => EngineProcessState.Failed,
            _ => EngineProcessState.Unknown,
        };
    }

    public async Task<string?> LastErrorAsync(CancellationToken cancellationToken)
    {
        var (exitCode, output) = await HostCommand.RunAsync("journalctl", ["-u", unit, "-n", "100", "-o", "cat", "--no-pager"], Patience, cancellationToken);
        return exitCode == 0 ? EngineLog.LastError(output.Split('\n')) : null;
    }
}

/// <summary>An engine that the administrator's own command restarts (no systemd, a container's init).</summary>
internal sealed class CommandEngine(string command, string? logFile) : IEngineProcess
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public async Task RestartAsync(CancellationToken cancellationToken)
    {
        var (exitCode, output) = await HostCommand.RunAsync("/bin/sh", ["-c", command], Patience, cancellationToken);
        if (exitCode != 0)
        {
            throw new IOException($"the restart command ended with code {exitCode}: {output.Trim()}");
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => RestartAsync(cancellationToken);

    public Task<EngineProcessState> StateAsync(CancellationToken cancellationToken) => Task.FromResult(EngineProcessState.Unknown);

    public Task<string?> LastErrorAsync(CancellationToken cancellationToken) => Task.FromResult(logFile is null ? null : EngineLog.LastErrorIn(logFile));
}

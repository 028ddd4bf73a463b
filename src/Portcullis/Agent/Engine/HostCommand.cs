using System.ComponentModel;
using System.Diagnostics;
using Portcullis.Http.Machine;

namespace Portcullis.Agent.Engine;

/// <summary>The exit code and the output of a command.</summary>
internal sealed record CommandResult(int ExitCode, string Output);

/// <summary>Runs a command of the host, for a limited time.</summary>
internal static class HostCommand
{
    /// <summary>ENOENT.</summary>
    private const int NoSuchFile = 2;

    private const int LongestOutput = 64 * 1024;

    public static async Task<CommandResult> RunAsync(
        string program, IReadOnlyList<string> arguments, TimeSpan within, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(within);
        using var process = Start(program, arguments);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(limit.Token);
            var error = process.StandardError.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            var text = await output + await error;
            return new CommandResult(process.ExitCode, text.Length <= LongestOutput ? text : text[^LongestOutput..]);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            cancellationToken.ThrowIfCancellationRequested();
            return new CommandResult(-1, $"{program} did not exit within {within.TotalSeconds:0} s");
        }
    }

    private static Process Start(string program, IReadOnlyList<string> arguments)
    {
        var path = ProgramPath.Find(program) ?? throw new Win32Exception(NoSuchFile, $"{program} cannot be started: no folder of PATH has it");
        var start = new ProcessStartInfo(path) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        var process = Process.Start(start) ?? throw new IOException($"{program} cannot be started");
        process.StandardInput.Close();
        return process;
    }
}

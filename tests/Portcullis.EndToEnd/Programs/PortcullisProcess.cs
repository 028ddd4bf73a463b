using System.Collections.Concurrent;
using System.Diagnostics;
using Portcullis.Testing;

namespace Portcullis.EndToEnd.Programs;

/// <summary>The built program as a user starts it: its own process, its output line by line, ended by signal.</summary>
internal sealed class PortcullisProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = new();
    private readonly ConcurrentQueue<string> _error = new();

    private PortcullisProcess(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, e) => Keep(_output, e.Data);
        process.ErrorDataReceived += (_, e) => Keep(_error, e.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    public string Output => string.Join('\n', _output);

    public string Error => string.Join('\n', _error);

    public static PortcullisProcess Start(params IReadOnlyList<string> arguments) => StartIn("", arguments);

    /// <summary>In a working folder.</summary>
    public static PortcullisProcess StartIn(string folder, params IReadOnlyList<string> arguments)
    {
        // Whoever runs the tests in the background of a shell without job control has SIGINT ignored, and so would all they start.
        var start = new ProcessStartInfo("env")
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        foreach (var argument in (string[])["--default-signal=INT", RepositoryFolder.Program, .. arguments])
        {
            start.ArgumentList.Add(argument);
        }

        var process = Process.Start(start) ?? throw new InvalidOperationException("the program cannot be started");
        process.StandardInput.Close();
        return new PortcullisProcess(process);
    }

    /// <summary>Runs a command to its end.</summary>
    public static async Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments)
    {
        await using var process = Start(arguments);
        var code = await process.EndAsync(TimeSpan.FromMinutes(5));
        return (code, process.Output, process.Error);
    }

    /// <summary>The first output line that begins so, without its beginning.</summary>
    public Task<string> SaysAsync(string beginning, TimeSpan? within = null) => Eventually.GetsAsync(
        () =>
        {
            if (HasExited && !_output.Any(l => l.StartsWith(beginning, StringComparison.Ordinal)))
            {
                throw new InvalidOperationException($"it ended with code {_process.ExitCode}: {Output}\n{Error}");
            }

            return Task.FromResult(_output.FirstOrDefault(l => l.StartsWith(beginning, StringComparison.Ordinal))?[beginning.Length..]);
        },
        within: within ?? Patience);

    public void Signal(string signal)
    {
        // It may end by itself meanwhile: kill's complaint about that is of no interest.
        using var kill = Process.Start(new ProcessStartInfo("kill", [$"-{signal}", _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]) { RedirectStandardError = true })!;
        kill.WaitForExit();
    }

    /// <summary>Its exit code, once it has ended by itself.</summary>
    public async Task<int> EndAsync(TimeSpan? within = null)
    {
        using var limit = new CancellationTokenSource(within ?? Patience, TimeProvider.System);
        try
        {
            await _process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"the program does not end: {Output}\n{Error}");
        }

        return _process.ExitCode;
    }

    /// <summary>As <c>kill -9</c>, this very moment.</summary>
    public void Kill() => _process.Kill();

    /// <summary>As <c>kill -9</c>, and waits until it is gone.</summary>
    public async Task KillAsync()
    {
        Kill();
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            Signal("TERM");
            using var limit = new CancellationTokenSource(Patience, TimeProvider.System);
            try
            {
                await _process.WaitForExitAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                _process.Kill();
            }
        }

        _process.Dispose();
    }

    private static void Keep(ConcurrentQueue<string> lines, string? line)
    {
        if (line is not null)
        {
            lines.Enqueue(line);
        }
    }
}

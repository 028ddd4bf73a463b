using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Portcullis.Testing;

namespace Portcullis.Benchmarks.Programs;

/// <summary>One process of the built program, measured from outside by what the kernel says of it.</summary>
internal sealed class BuiltProgram : IAsyncDisposable
{
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _lines = new();

    private BuiltProgram(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, e) => _lines.Enqueue(e.Data ?? "");
        process.ErrorDataReceived += (_, e) => _lines.Enqueue(e.Data ?? "");
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>Processor time used so far, by all its threads.</summary>
    public TimeSpan Cpu
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>Resident size in MB (VmRSS).</summary>
    public double ResidentMegabytes
    {
        get
        {
            var line = File.ReadLines($"/proc/{_process.Id.ToString(CultureInfo.InvariantCulture)}/status").First(l => l.StartsWith("VmRSS:", StringComparison.Ordinal));
            return double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;
        }
    }

    public static BuiltProgram Start(params IReadOnlyList<string> arguments) => Start(new ProcessStartInfo(RepositoryFolder.Program), arguments);

    /// <summary>With one processor of the machine to itself and no other.</summary>
    public static BuiltProgram StartOnOneProcessor(params IReadOnlyList<string> arguments) => Start(new ProcessStartInfo("taskset", ["-c", "0", RepositoryFolder.Program]), arguments);

    private static BuiltProgram Start(ProcessStartInfo start, IReadOnlyList<string> arguments)
    {
        (start.RedirectStandardOutput, start.RedirectStandardError) = (true, true);
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        return new BuiltProgram(Process.Start(start) ?? throw new InvalidOperationException("the program cannot be started"));
    }

    public Task<string> SaysAsync(string part) => Eventually.GetsAsync(
        () => _process.HasExited
            ? throw new InvalidOperationException($"the program ended: {string.Join('\n', _lines)}")
            : Task.FromResult(_lines.FirstOrDefault(l => l.Contains(part, StringComparison.Ordinal))),
        within: TimeSpan.FromSeconds(60));

    /// <summary>
    /// Waits until it uses almost no processor, and returns when that began, counted from <paramref name="since"/>, a timestamp of the clock: when the first
    /// of three quiet seconds in a row began.
    /// </summary>
    public async Task<TimeSpan> QuietAsync(long since)
    {
        var began = new Queue<TimeSpan>();
        while (began.Count < 3)
        {
            var before = Cpu;
            began.Enqueue(TimeProvider.System.GetElapsedTime(since));
            await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System);
            if (Cpu - before > TimeSpan.FromMilliseconds(100))
            {
                began.Clear();
            }
        }

        return began.Peek();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            using var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]);
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30), TimeProvider.System);
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
}

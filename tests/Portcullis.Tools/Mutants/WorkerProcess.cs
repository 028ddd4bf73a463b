using System.Diagnostics;
using System.Globalization;

namespace Portcullis.Tools.Mutants;

/// <summary>A worker at the other end of two pipes. One that answers nothing in time, or dies, is ended and its mutant counts as killed: the tests would hang or crash.</summary>
internal sealed class WorkerProcess(string program) : IDisposable
{
    private Process? _process;

    /// <summary>Whether one of the tests failed.</summary>
    public bool Kills(int mutant, IReadOnlyList<int> tests, TimeSpan limit, bool fresh)
    {
        if (fresh)
        {
            End();
        }

        _process ??= Start(fresh);
        try
        {
            _process.StandardInput.WriteLine($"{mutant.ToString(CultureInfo.InvariantCulture)} {string.Join(',', tests)}");
            _process.StandardInput.Flush();
            var answer = _process.StandardOutput.ReadLineAsync();
            if (answer.Wait(limit) && answer.Result is { } text)
            {
                if (fresh)
                {
                    End();
                }

                return text != "-";
            }
        }
        catch (IOException)
        {
            // It died before it read the line.
        }

        End();
        return true;
    }

    public void Dispose() => End();

    private Process Start(bool fresh)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            ArgumentList = { program, "mutants-worker", "serve" },
        };
        if (fresh)
        {
            start.ArgumentList.Add("fresh");
        }

        var process = Process.Start(start)!;
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        return process;
    }

    private void End()
    {
        if (_process is null)
        {
            return;
        }

        _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
        _process = null;
    }
}

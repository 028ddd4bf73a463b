using System.Collections.Concurrent;
using System.Diagnostics;

namespace Portcullis.Processes;

/// <summary>
/// Starts processes that do not outlive this one, even when it is killed: the kernel ends them with the thread that forked them
/// (prctl(2) PR_SET_PDEATHSIG, set by setpriv). Hence one thread that lives as long as the program and does nothing else.
/// </summary>
internal sealed class LaunchThread : IDisposable
{
    private readonly BlockingCollection<Action> _work = [];
    private readonly Thread _thread;

    public LaunchThread()
    {
        _thread = new Thread(() =>
        {
            foreach (var action in _work.GetConsumingEnumerable())
            {
                action();
            }
        })
        {
            IsBackground = true,
            Name = "launch",
        };
        _thread.Start();
    }

    /// <summary>Starts the program in a session of its own (so that Ctrl-C reaches this program alone), its output appended to its log.</summary>
    public Task<Process> StartAsync(ChildSpec spec, string program)
    {
        var started = new TaskCompletionSource<Process>(TaskCreationOptions.RunContinuationsAsynchronously);
        _work.Add(() =>
        {
            try
            {
                started.SetResult(Start(spec, program));
            }
            catch (Exception exception) when (exception is System.ComponentModel.Win32Exception or InvalidOperationException)
            {
                started.SetException(new IOException($"{spec.Program} cannot be started: {exception.Message}", exception));
            }
        });
        return started.Task;
    }

    public void Dispose()
    {
        _work.CompleteAdding();
        _thread.Join();
        _work.Dispose();
    }

    private static Process Start(ChildSpec spec, string program)
    {
        PrivateLog.Prepare(spec.LogFile);

        // setpriv and setsid are part of util-linux, which every Debian has; both exec, so the pid stays the program's own.
        var start = new ProcessStartInfo("/bin/sh") { WorkingDirectory = spec.Folder, UseShellExecute = false };
        string[] arguments =
        [
            "-c", "log=$1; shift; exec setsid setpriv --pdeathsig TERM -- \"$@\" >>\"$log\" 2>&1 </dev/null",
            "sh", spec.LogFile, program, .. spec.Arguments,
        ];
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        return Process.Start(start) ?? throw new InvalidOperationException("no process");
    }
}

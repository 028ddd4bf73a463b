using System.Diagnostics;
using System.Threading.Channels;
using Portcullis.Http.Retries;

namespace Portcullis.Processes;

/// <summary>
/// Keeps one program running as long as ours: stops a process that a killed run left, starts the program, waits until it answers,
/// restarts it with back-off when it exits, and stops it at the end. Failures are in <see cref="Report"/>, never thrown.
/// The probe returns null when the program answers, else what is missing.
/// </summary>
internal sealed class SupervisedProcess(
    ChildSpec spec, Func<CancellationToken, Task<string?>> probe, LaunchThread launcher, TimeProvider time, Action<ComponentReport> report)
{
    private const long LargestLog = 5 * 1024 * 1024;
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(60);
    private static readonly BackOff Pauses = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30));
    private readonly Channel<bool> _restarts = Channel.CreateUnbounded<bool>();
    private volatile TaskCompletionSource _answering = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ChildSpec Spec { get; } = spec;

    public ComponentReport Report { get; private set; } = new(spec.Name, ComponentState.Starting, "not started yet");

    /// <summary>The running process; null while there is none.</summary>
    public ProcessIdentity? Identity { get; private set; }

    /// <summary>Completes when the program answers for the first time, or is not installed.</summary>
    public Task SettledAsync(CancellationToken cancellationToken) => _answering.Task.WaitAsync(cancellationToken);

    /// <summary>Stops the program and waits until its successor answers.</summary>
    public async Task RestartAsync(CancellationToken cancellationToken)
    {
        var answering = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _answering = answering;
        _restarts.Writer.TryWrite(true);
        await answering.Task.WaitAsync(cancellationToken);
    }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (ProgramFinder.Find(Spec.Program) is not { } program)
        {
            Show(ComponentState.Missing, $"{Spec.Program} is not installed: run apt-get install {Spec.Package}");
            _answering.TrySetResult();
            return;
        }

        for (var failures = 0; !cancellationToken.IsCancellationRequested;)
        {
            try
            {
                failures = await RunOnceAsync(program, cancellationToken) ? 0 : failures + 1;
                await Task.Delay(Pauses.After(failures), time, cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                break;
            }
        }

        if (Spec.OwnMount is { } folder)
        {
            await Mounts.UnmountAsync(folder, time);
        }

        Show(ComponentState.Stopped, "stopped");
    }

    /// <summary>From start to exit of one process; true when it was stopped on request.</summary>
    private async Task<bool> RunOnceAsync(string program, CancellationToken cancellationToken)
    {
        await StopLeftoverAsync();
        Show(ComponentState.Starting, $"starting {Spec.Program}");
        RotateLog();
        using var process = await launcher.StartAsync(Spec, program);
        var identity = ProcessIdentity.Of(process.Id);
        identity?.Write(Spec.PidFile);
        Identity = identity;
        try
        {
            var exited = process.WaitForExitAsync(CancellationToken.None);
            if (await AnswersAsync(exited, cancellationToken) is { } problem)
            {
                Show(ComponentState.Failed, $"{problem}; log: {Spec.LogFile}");
                return false;
            }

            Show(ComponentState.Running, Spec.Address);
            _answering.TrySetResult();
            return await UntilExitAsync(process, exited, cancellationToken);
        }
        finally
        {
            if (identity is { } running)
            {
                await running.StopAsync(Spec.StopTimeout, time);
            }

            Identity = null;
            File.Delete(Spec.PidFile);
        }
    }

    private async Task<bool> UntilExitAsync(Process process, Task exited, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var asked = _restarts.Reader.ReadAsync(either.Token).AsTask();
        var first = await Task.WhenAny(exited, asked);
        cancellationToken.ThrowIfCancellationRequested();
        if (first == asked)
        {
            return true;
        }

        await either.CancelAsync();
        Show(ComponentState.Failed, $"{Spec.Program} exited with code {process.ExitCode}; log: {Spec.LogFile}");
        return false;
    }

    /// <summary>Null when the probe succeeds; else why this process is given up.</summary>
    private async Task<string?> AnswersAsync(Task exited, CancellationToken cancellationToken)
    {
        var deadline = time.Monotonic() + AnswerWithin;
        while (true)
        {
            var missing = await probe(cancellationToken);
            if (missing is null)
            {
                return null;
            }

            if (exited.IsCompleted)
            {
                return $"{Spec.Program} exited at start: {LastLogLine()}";
            }

            if (time.Monotonic() >= deadline)
            {
                return $"{Spec.Program} does not answer: {missing}";
            }

            await Task.WhenAny(exited, Task.Delay(TimeSpan.FromMilliseconds(50), time, cancellationToken));
        }
    }

    private async Task StopLeftoverAsync()
    {
        if (ProcessIdentity.Read(Spec.PidFile) is { } leftover && leftover.IsAlive())
        {
            Show(ComponentState.Starting, "stopping the process of an earlier run");
            await leftover.StopAsync(Spec.StopTimeout, time);
        }
    }

    private void RotateLog()
    {
        if (new FileInfo(Spec.LogFile) is { Exists: true, Length: > LargestLog })
        {
            File.Move(Spec.LogFile, Spec.LogFile + ".1", overwrite: true);
        }
    }

    private string LastLogLine() =>
        File.Exists(Spec.LogFile) ? File.ReadLines(Spec.LogFile).LastOrDefault(line => line.Length > 0) ?? "no message" : "no message";

    private void Show(ComponentState state, string message)
    {
        Report = new ComponentReport(Spec.Name, state, message);
        report(Report);
    }
}

using System.Diagnostics;
using System.Globalization;
using Portcullis.Clients.Engine;

namespace Portcullis.Testing.Engines;

/// <summary>
/// A real dockerd of a test's own: socket, data, pid file and daemon.json in one new folder, no bridge, no firewall rules, stopped by
/// its pid. It needs root and Debian's docker.io.
/// </summary>
public sealed class DockerEngine : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly string[] Places = ["/usr/sbin/dockerd", "/usr/bin/dockerd", "/usr/local/bin/dockerd"];
    private readonly string _program;
    private readonly IReadOnlyList<string> _moreFlags;
    private Process? _process;

    private DockerEngine(string folder, string program, IReadOnlyList<string> moreFlags)
    {
        Folder = folder;
        _program = program;
        _moreFlags = moreFlags;
        Client = EngineClient.Connect(Address);
    }

    /// <summary>Why no engine can be started here; null when one can. Tests that need it say this and are skipped.</summary>
    public static string? Missing { get; } =
        Program is null ? "not run: dockerd is not installed (apt-get install docker.io)"
        : Environment.UserName != "root" ? "not run: dockerd needs root"
        : null;

    public static string? Program => Places.FirstOrDefault(File.Exists);

    /// <summary>A dockerd of a later release: the one in the folder that NEWER_DOCKERD names; null without it.</summary>
    public static string? NewerProgram =>
        Environment.GetEnvironmentVariable("NEWER_DOCKERD") is { Length: > 0 } folder && Path.Combine(folder, "dockerd") is var path && File.Exists(path) ? path : null;

    public string Folder { get; }

    public string Socket => Path.Combine(Folder, "docker.sock");

    public string Address => $"unix://{Socket}";

    public string DaemonJson => Path.Combine(Folder, "etc", "daemon.json");

    public string PidFile => Path.Combine(Folder, "docker.pid");

    public string LogFile => Path.Combine(Folder, "dockerd.log");

    private string ContainerdPidFile => Path.Combine(Folder, "exec", "containerd", "containerd.pid");

    public EngineClient Client { get; }

    /// <summary>The pid of the dockerd that was started last; null when it has ended.</summary>
    public int? Pid => _process is { HasExited: false } running ? running.Id : null;

    /// <param name="daemonJson">The file's first content; null for none.</param>
    /// <param name="moreFlags">Beyond those that keep the engine to itself.</param>
    /// <param name="start">False to leave starting to the test.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public static Task<DockerEngine> CreateAsync(string? daemonJson, IReadOnlyList<string>? moreFlags, bool start, CancellationToken cancellationToken) =>
        CreateAsync(Program!, daemonJson, moreFlags, start, cancellationToken);

    /// <summary>The same with a dockerd of the test's choice.</summary>
    public static async Task<DockerEngine> CreateAsync(
        string program, string? daemonJson, IReadOnlyList<string>? moreFlags, bool start, CancellationToken cancellationToken)
    {
        // A unix socket's path has at most 107 bytes.
        var folder = Directory.CreateTempSubdirectory("pe-").FullName;
        var engine = new DockerEngine(folder, program, moreFlags ?? []);
        Directory.CreateDirectory(Path.GetDirectoryName(engine.DaemonJson)!);
        if (daemonJson is not null)
        {
            await File.WriteAllTextAsync(engine.DaemonJson, daemonJson, cancellationToken);
        }

        if (start && await engine.TryStartAsync(cancellationToken) is { } problem)
        {
            await engine.DisposeAsync();
            throw new InvalidOperationException($"dockerd does not start: {problem}");
        }

        return engine;
    }

    public static Task<DockerEngine> StartAsync(string? daemonJson, CancellationToken cancellationToken) =>
        CreateAsync(daemonJson, null, start: true, cancellationToken);

    /// <summary>Null once it answers; else its log's end.</summary>
    public async Task<string?> TryStartAsync(CancellationToken cancellationToken)
    {
        ForgetEndedContainerd();
        var start = new ProcessStartInfo("/bin/sh") { WorkingDirectory = Folder };
        foreach (var argument in CommandLine())
        {
            start.ArgumentList.Add(argument);
        }

        _process?.Dispose();
        _process = Process.Start(start)!;
        await Eventually.ComesAsync(async () => _process.HasExited || await AnswersAsync(cancellationToken), Patience);
        if (await AnswersAsync(cancellationToken))
        {
            return null;
        }

        return File.Exists(LogFile) ? string.Join('\n', (await File.ReadAllLinesAsync(LogFile, cancellationToken)).TakeLast(3)) : "no log";
    }

    /// <summary>A shell command by which somebody else (an agent) restarts this engine, or starts it when it has ended.</summary>
    public string WriteRestartCommand()
    {
        var script = Path.Combine(Folder, "restart.sh");
        var command = string.Join(' ', CommandLine().Select(a => $"'{a}'"));
        File.WriteAllText(script, $"""
            pid=$(cat '{PidFile}' 2>/dev/null)
            if [ -n "$pid" ] && grep -q '{Folder}' "/proc/$pid/cmdline" 2>/dev/null; then
                kill "$pid"
                while [ -d "/proc/$pid" ] && ! grep -q ') Z ' "/proc/$pid/stat"; do sleep 0.02; done
            fi
            setsid /bin/sh {command} &

            """);
        return $"sh '{script}'";
    }

    /// <summary>Ends the engine by SIGTERM, or at once by SIGKILL, and its containerd with it.</summary>
    public async Task StopAsync(bool kill)
    {
        if (_process is { HasExited: false } running)
        {
            await SignalAsync(running.Id, kill ? "KILL" : "TERM");
            await running.WaitForExitAsync();
        }

        // One that the restart command started is not our child.
        if (RunningPid() is { } other)
        {
            await SignalAsync(other, kill ? "KILL" : "TERM");
            await Eventually.HoldsAsync(() => RunningPid() is null, Patience);
        }

        // dockerd's own containerd may outlive a killed dockerd.
        if (Containerd() is { } pid && Text($"/proc/{pid}/cmdline").Contains(Folder, StringComparison.Ordinal))
        {
            await SignalAsync(pid, "KILL");
        }
    }

    public Task ReloadAsync() => SignalAsync(Pid ?? throw new InvalidOperationException("the engine does not run"), "HUP");

    public async ValueTask DisposeAsync()
    {
        await StopAsync(kill: false);
        _process?.Dispose();
        Client.Dispose();
        try
        {
            EngineFolder.Delete(Folder);
        }
        catch (IOException)
        {
            // A mount that is still busy: the folder is a temporary one.
        }
    }

    /// <summary>Where nobody reaps orphans, an ended containerd is a zombie for ever, and a new dockerd takes it for one that lives.</summary>
    private void ForgetEndedContainerd()
    {
        if (Containerd() is { } pid && !IsAlive(pid))
        {
            File.Delete(ContainerdPidFile);
        }
    }

    private string[] CommandLine() =>
    [
        "-c", "log=$1; shift; exec \"$@\" >>\"$log\" 2>&1 </dev/null", "sh", LogFile, _program,
        "-H", Address, "--data-root", Path.Combine(Folder, "data"), "--exec-root", Path.Combine(Folder, "exec"), "--pidfile", PidFile,
        "--config-file", DaemonJson, "--bridge=none", "--iptables=false", "--storage-driver=vfs", .. _moreFlags,
    ];

    /// <summary>The dockerd of the pid file, while it runs.</summary>
    private int? RunningPid() => PidIn(PidFile) is { } pid && IsAlive(pid) && Text($"/proc/{pid}/cmdline").Contains(Folder, StringComparison.Ordinal) ? pid : null;

    private int? Containerd() => PidIn(ContainerdPidFile);

    private static bool IsAlive(int pid) => Text($"/proc/{pid}/stat") is { Length: > 0 } stat && !stat.Contains(") Z ", StringComparison.Ordinal);

    private static int? PidIn(string file) => int.TryParse(Text(file), CultureInfo.InvariantCulture, out var pid) ? pid : null;

    /// <summary>Empty for a file that is not there, or that goes while it is read, as files of processes do.</summary>
    private static string Text(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (IOException)
        {
            return "";
        }
    }

    private async Task<bool> AnswersAsync(CancellationToken cancellationToken)
    {
        try
        {
            await Client.PingAsync(cancellationToken);
            return true;
        }
        catch (EngineException)
        {
            return false;
        }
    }

    private static async Task SignalAsync(int pid, string signal)
    {
        // It may end by itself meanwhile: kill's complaint about that is of no interest.
        using var kill = Process.Start(new ProcessStartInfo("/bin/kill", [$"-{signal}", pid.ToString(CultureInfo.InvariantCulture)]) { RedirectStandardError = true })!;
        await kill.WaitForExitAsync();
    }
}

using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Portcullis.Agent.Files;
using Portcullis.Core.Hardening;
using Portcullis.Http.Machine;
using Portcullis.Processes;

namespace Portcullis.Agent.Engine;

/// <summary>The dockerd that is running, from /proc.</summary>
internal sealed partial record RunningEngine(ProcessIdentity Identity, string Executable, IReadOnlyList<string> CommandLine, DateTimeOffset StartedAt)
{
    private const int SigHup = 1;
    private const int LongestPid = 32;
    private const double TicksPerSecond = 100;

    public DaemonFlags Flags { get; } = DaemonFlags.Parse(CommandLine);

    /// <summary>
    /// The process that the pid file names; null when it has exited, or is not a dockerd of this user or root: the number may have been reused, and its program
    /// is started to validate a file.
    /// </summary>
    public static RunningEngine? Find(string pidFile, TimeProvider time)
    {
        try
        {
            if (!int.TryParse(PidIn(pidFile), NumberStyles.None, CultureInfo.InvariantCulture, out var pid)
                || ProcessIdentity.Of(pid) is not { } identity)
            {
                return null;
            }

            var folder = string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}");
            var commandLine = Encoding.UTF8.GetString(File.ReadAllBytes($"{folder}/cmdline")).TrimEnd('\0').Split('\0');
            if (Path.GetFileName(commandLine[0]) is not "dockerd" || !UserId.IsTrusted($"{folder}/status"))
            {
                return null;
            }

            var executable = File.ResolveLinkTarget($"{folder}/exe", returnFinalTarget: false)?.FullName ?? commandLine[0];
            return new RunningEngine(identity, executable, commandLine, StartOf(identity, time));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Sends SIGHUP, by which it reads its file again; false when it has exited.</summary>
    public bool Reload() => Identity.IsAlive() && Kill(Identity.Pid, SigHup) == 0;

    private static string PidIn(string pidFile)
    {
        using var file = RegularFile.Open(pidFile);
        return Encoding.ASCII.GetString(file.Read(LongestPid)).Trim();
    }

    /// <summary>Start times count from boot (proc(5)), whose wall-clock time is known only to the second, so the age is used.</summary>
    private static DateTimeOffset StartOf(ProcessIdentity identity, TimeProvider time)
    {
        var uptime = double.Parse(File.ReadAllText("/proc/uptime").Split(' ')[0], CultureInfo.InvariantCulture);
        return time.GetUtcNow() - TimeSpan.FromSeconds(uptime - (identity.StartTicks / TicksPerSecond));
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Kill(int pid, int signal);
}

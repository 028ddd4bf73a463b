using System.Globalization;
using System.Runtime.InteropServices;
using Portcullis.Http.Retries;

namespace Portcullis.Processes;

/// <summary>
/// A process by pid and start time, so that a reused pid is never taken for the process that had it before
/// (proc(5), /proc/PID/stat field 22).
/// </summary>
internal readonly partial record struct ProcessIdentity(int Pid, long StartTicks)
{
    private const int SigTerm = 15;
    private const int SigKill = 9;

    /// <summary>The process that has this pid now; null when there is none, or only a zombie that waits for its parent.</summary>
    public static ProcessIdentity? Of(int pid)
    {
        try
        {
            var stat = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/stat"));

            // The second field is the program's name in parentheses and may itself hold spaces and parentheses.
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return fields[0] is "Z" or "X" ? null : new ProcessIdentity(pid, long.Parse(fields[19], CultureInfo.InvariantCulture));
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>What <see cref="Write"/> saved; null without a file, or for another format.</summary>
    public static ProcessIdentity? Read(string pidFile)
    {
        if (!File.Exists(pidFile))
        {
            return null;
        }

        var words = File.ReadAllText(pidFile).Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
        return words.Length == 2
            && int.TryParse(words[0], CultureInfo.InvariantCulture, out var pid)
            && long.TryParse(words[1], CultureInfo.InvariantCulture, out var ticks)
            ? new ProcessIdentity(pid, ticks)
            : null;
    }

    public void Write(string pidFile) =>
        File.WriteAllText(pidFile, string.Create(CultureInfo.InvariantCulture, $"{Pid} {StartTicks}\n"));

    public bool IsAlive() => Of(Pid) == this;

    /// <summary>Sends SIGTERM, waits, and sends SIGKILL when it has not exited by then.</summary>
    public async Task StopAsync(TimeSpan patience, TimeProvider time)
    {
        var deadline = time.Monotonic() + patience;
        Signal(SigTerm);
        while (IsAlive())
        {
            if (time.Monotonic() >= deadline)
            {
                Signal(SigKill);
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), time, CancellationToken.None);
        }
    }

    private void Signal(int signal)
    {
        if (IsAlive())
        {
            _ = Kill(Pid, signal);
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Kill(int pid, int signal);
}

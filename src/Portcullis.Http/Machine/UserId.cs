using System.Globalization;
using System.Runtime.InteropServices;

namespace Portcullis.Http.Machine;

/// <summary>Users by number.</summary>
public static partial class UserId
{
    private const int Root = 0;

    /// <summary>The user that this process acts as.</summary>
    public static int Own { get; } = (int)EffectiveUser();

    /// <summary>
    /// Whether a process acts as this user or root, and was started by one of them: a program with the set-user-ID bit acts as root with the arguments of
    /// whoever started it.
    /// </summary>
    /// <param name="status">Its file <c>status</c> in /proc (proc_pid_status(5)): real, effective, saved and file system user.</param>
    public static bool IsTrusted(string status) =>
        File.ReadLines(status).FirstOrDefault(l => l.StartsWith("Uid:", StringComparison.Ordinal)) is { } line
        && line.Split('\t', StringSplitOptions.RemoveEmptyEntries)[1..]
            .All(uid => int.TryParse(uid, CultureInfo.InvariantCulture, out var user) && (user == Root || user == Own));

    [LibraryImport("libc", EntryPoint = "geteuid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial uint EffectiveUser();
}

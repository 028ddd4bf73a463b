using System.Globalization;

namespace Portcullis.Http.Serving;

/// <summary>How many files, sockets among them, this process may have open at once (getrlimit(2), RLIMIT_NOFILE), which .NET raises to the hard limit at its start.</summary>
internal static class OpenFiles
{
    private const string Limits = "/proc/self/limits";
    private const string Entry = "Max open files";

    public static int Limit { get; } = File.Exists(Limits) ? Read(File.ReadLines(Limits)) : int.MaxValue;

    /// <summary>proc_pid_limits(5): the name, the soft limit, the hard limit, the unit.</summary>
    internal static int Read(IEnumerable<string> lines) =>
        lines.FirstOrDefault(l => l.StartsWith(Entry, StringComparison.Ordinal)) is { } line
        && line[Entry.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var soft, ..]
        && int.TryParse(soft, NumberStyles.None, CultureInfo.InvariantCulture, out var limit)
            ? limit
            : int.MaxValue;
}

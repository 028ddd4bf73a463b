namespace Portcullis.Http.Machine;

/// <summary>
/// Where an installed program is, by absolute folders alone. A bare name would be looked for in the working folder as well
/// (<see cref="System.Diagnostics.Process"/> does so before PATH), where another user or a repository may have put a program of that name.
/// </summary>
public static class ProgramPath
{
    private const UnixFileMode Executable = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>Its path; null when it is not installed.</summary>
    /// <param name="program">A name, looked for in PATH; a path with a slash is taken as it is, relative to the working folder if need be.</param>
    /// <param name="further">Folders to look in after those of PATH.</param>
    public static string? Find(string program, params IEnumerable<string> further) => program.Contains('/', StringComparison.Ordinal)
        ? Path.GetFullPath(program)
        : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Concat(further)
            .Where(folder => folder.StartsWith('/'))
            .Select(folder => Path.Combine(folder, program))
            .FirstOrDefault(path => File.Exists(path) && (File.GetUnixFileMode(path) & Executable) != 0);
}

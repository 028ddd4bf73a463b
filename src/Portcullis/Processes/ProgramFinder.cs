using Portcullis.Http.Machine;

namespace Portcullis.Processes;

/// <summary>Finds an installed program; daemons are in sbin, which may not be in a user's PATH.</summary>
internal static class ProgramFinder
{
    private static readonly string[] SystemFolders = ["/usr/local/sbin", "/usr/sbin", "/sbin", "/usr/bin", "/bin"];

    /// <summary>The program's full path; null when it is not installed.</summary>
    public static string? Find(string name) => ProgramPath.Find(name, SystemFolders);
}

using System.Diagnostics;

namespace Portcullis.Testing.Engines;

/// <summary>
/// Removes a folder in which a dockerd ran. dockerd mounts its data folder onto itself and, killed or with live-restore on, leaves that
/// mount behind: the folder is then busy until somebody unmounts it.
/// </summary>
public static class EngineFolder
{
    public static void Delete(string folder)
    {
        foreach (var mount in MountsBelow(Path.GetFullPath(folder)))
        {
            using var process = Process.Start(new ProcessStartInfo("umount", ["-l", mount]) { RedirectStandardError = true });
            process?.WaitForExit();
        }

        Directory.Delete(folder, recursive: true);
    }

    /// <summary>The innermost first.</summary>
    private static IEnumerable<string> MountsBelow(string folder) =>
    [
        .. File.ReadLines("/proc/self/mounts")
            .Select(line => line.Split(' ')[1].Replace("\\040", " ", StringComparison.Ordinal))
            .Where(path => path.StartsWith(folder + "/", StringComparison.Ordinal))
            .OrderByDescending(path => path.Length),
    ];
}

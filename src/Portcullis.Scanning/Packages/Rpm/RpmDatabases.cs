namespace Portcullis.Scanning.Packages.Rpm;

/// <summary>Where RPM databases are.</summary>
internal static class RpmDatabases
{
    private static readonly string[] Folders = ["var/lib/rpm/", "usr/lib/sysimage/rpm/", "usr/share/rpm/"];

    /// <summary>Whether a path is a file of a database.</summary>
    public static bool IsFile(ReadOnlySpan<char> path, ReadOnlySpan<char> name)
    {
        foreach (var folder in Folders)
        {
            if (path.StartsWith(folder, StringComparison.Ordinal) && path[folder.Length..].SequenceEqual(name))
            {
                return true;
            }
        }

        return false;
    }
}

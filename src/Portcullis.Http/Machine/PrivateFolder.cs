namespace Portcullis.Http.Machine;

/// <summary>
/// A folder that is this user's alone, such as one of keys or of state that is trusted later. What is there already may have been made by anybody, below the
/// machine's folder for temporary files for example.
/// </summary>
public static class PrivateFolder
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode OthersWrite = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    /// <summary>Makes the folder, or takes away what others may do with it.</summary>
    /// <returns>Null when it is this user's alone; else why not, and what to do.</returns>
    public static string? Claim(string path)
    {
        Directory.CreateDirectory(path, OwnerOnly);
        var folder = Directory.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? Path.TrimEndingDirectorySeparator(path);
        if (Stat.Of(folder) is not { } stat || stat.Uid != UserId.Own)
        {
            return $"the folder {path} belongs to uid {Stat.Of(folder)?.Uid}, who could change what this program (uid {UserId.Own}) keeps there: delete it, or choose another";
        }

        var mode = File.GetUnixFileMode(folder);
        if ((mode & OthersWrite) != 0 && Directory.EnumerateFileSystemEntries(folder).Any())
        {
            return $"others may write into the folder {path} (mode {Convert.ToString((int)mode, 8)}), and what is in it may be theirs: delete it, or choose another";
        }

        if (mode != OwnerOnly)
        {
            File.SetUnixFileMode(folder, OwnerOnly);
        }

        return null;
    }
}

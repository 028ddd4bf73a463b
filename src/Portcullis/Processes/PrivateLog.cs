namespace Portcullis.Processes;

/// <summary>Log files that only their owner can read: they name users, hosts and repositories.</summary>
internal static class PrivateLog
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public static FileStream Create(string path)
    {
        var file = Open(path, FileMode.Create);
        File.SetUnixFileMode(file.SafeFileHandle, OwnerOnly);
        return file;
    }

    /// <summary>Makes sure of the file to which a child process then appends.</summary>
    public static void Prepare(string path)
    {
        using var file = Open(path, FileMode.Append);
        File.SetUnixFileMode(file.SafeFileHandle, OwnerOnly);
    }

    private static FileStream Open(string path, FileMode mode) => new(
        path, new FileStreamOptions { Mode = mode, Access = FileAccess.Write, Share = FileShare.ReadWrite, UnixCreateMode = OwnerOnly });
}

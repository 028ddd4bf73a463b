using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Portcullis.Http.Machine;

namespace Portcullis.Agent.Files;

/// <summary>
/// Replaces files as a whole: a temporary file in the same folder, with the same mode and owner, synced, renamed over the old one, and the
/// folder synced, so that a reader or a power failure finds the old file or the new one.
/// </summary>
internal static partial class AtomicFile
{
    public const string TemporarySuffix = ".portcullis-new";

    /// <summary>O_CLOEXEC of open(2).</summary>
    private const int CloseOnExec = 0x80000;

    /// <summary>The permissions in st_mode of inode(7).</summary>
    private const int Permissions = 0x1FF;

    private const UnixFileMode DefaultMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    /// <summary>Replaces the file, or returns false when <paramref name="isUnchanged"/> says so right before the rename.</summary>
    /// <param name="path">The file. A link there is replaced, not followed.</param>
    /// <param name="bytes">Its new content.</param>
    /// <param name="isUnchanged">Null for a file that nobody else writes.</param>
    /// <param name="mode">Null to keep the one it has.</param>
    public static bool Replace(string path, ReadOnlySpan<byte> bytes, Func<bool>? isUnchanged = null, UnixFileMode? mode = null)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        Directory.CreateDirectory(folder);
        var temporary = Path.Combine(folder, $".{Path.GetFileName(path)}{TemporarySuffix}");
        var old = Stat.Of(path) is { IsRegular: true } regular ? regular : (Stat?)null;
        var kept = old is { } one ? (UnixFileMode)(one.Mode & Permissions) : DefaultMode;
        File.Delete(temporary);
        try
        {
            Write(temporary, bytes, mode ?? kept, old);
            if (isUnchanged?.Invoke() == false)
            {
                File.Delete(temporary);
                return false;
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            // A half-written file would use the space of a full disk.
            File.Delete(temporary);
            throw;
        }

        SyncFolder(folder);
        return true;
    }

    /// <summary>Deletes temporary files that a kill during <see cref="Replace"/> left in a folder.</summary>
    public static void RemoveTemporary(string folder, string file = "*")
    {
        try
        {
            foreach (var temporary in Directory.GetFiles(folder, $".{file}{TemporarySuffix}"))
            {
                File.Delete(temporary);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A folder that cannot be written is reported when something is to be written.
        }
    }

    private static void Write(string path, ReadOnlySpan<byte> bytes, UnixFileMode mode, Stat? owner)
    {
        using var file = new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            BufferSize = 0,
        });
        file.Write(bytes);
        File.SetUnixFileMode(file.SafeFileHandle, mode);
        if (owner is { } kept)
        {
            _ = ChangeOwner(file.SafeFileHandle, kept.Uid, kept.Gid);
        }

        file.Flush(flushToDisk: true);
    }

    /// <summary>Makes the rename durable (fsync(2) of the directory).</summary>
    private static void SyncFolder(string folder)
    {
        using var opened = Open(folder, CloseOnExec);
        if (!opened.IsInvalid)
        {
            _ = Sync(opened);
        }
    }

    [LibraryImport("libc", EntryPoint = "fchown")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int ChangeOwner(SafeFileHandle file, int uid, int gid);

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial SafeFileHandle Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Sync(SafeFileHandle folder);
}

using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

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

    private const UnixFileMode DefaultMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    /// <summary>Replaces the file, or returns false when <paramref name="isUnchanged"/> says so right before the rename.</summary>
    public static bool Replace(string path, ReadOnlySpan<byte> bytes, Func<bool>? isUnchanged = null)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        Directory.CreateDirectory(folder);
        var temporary = Path.Combine(folder, $".{Path.GetFileName(path)}{TemporarySuffix}");
        var old = File.Exists(path) ? Stat.Of(path) : null;
        var mode = old is null ? DefaultMode : File.GetUnixFileMode(path);
        File.Delete(temporary);
        try
        {
            Write(temporary, bytes, mode, old);
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

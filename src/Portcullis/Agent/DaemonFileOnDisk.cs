using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Portcullis.Core.Hardening;

namespace Portcullis.Agent;

/// <summary>What lies at daemon.json's path now.</summary>
internal sealed record DaemonFileState(DaemonFile File, byte[] Bytes, DateTimeOffset? ModifiedAt, int? OwnerUid)
{
    public long Inode { get; init; }

    /// <summary>Whether it has the same content, if any, at another time.</summary>
    public bool IsAsIn(DaemonFileState other) => File.GetType() == other.File.GetType() && Bytes.AsSpan().SequenceEqual(other.Bytes);
}

/// <summary>
/// daemon.json on the disk. It is only ever replaced whole: a temporary file in the same folder, of the same mode and owner, synced,
/// renamed over it, and the folder synced, so that a reader or a power cut sees the old file or the new one.
/// </summary>
internal static partial class DaemonFileOnDisk
{
    public const string Temporary = ".portcullis-new";

    /// <summary>O_CLOEXEC of open(2).</summary>
    private const int CloseOnExec = 0x80000;

    private const int Largest = 4 * 1024 * 1024;
    private const UnixFileMode UsualMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    public static DaemonFileState Read(string path)
    {
        try
        {
            var info = new FileInfo(path);
            if (info.LinkTarget is { } target)
            {
                return Untouchable($"is a symbolic link to {target}: put a plain file in its place");
            }

            if (Directory.Exists(path))
            {
                return Untouchable("is a folder: put a plain file in its place");
            }

            if (!info.Exists)
            {
                return new DaemonFileState(new DaemonFile.Missing(), [], null, null);
            }

            // Reading a pipe would wait for ever for somebody to write.
            var stat = Stat.Of(path);
            if (stat is { IsRegular: false })
            {
                return Untouchable("is no plain file: put one in its place");
            }

            if (info.Length > Largest)
            {
                return Untouchable($"has {info.Length} bytes, which no daemon.json needs");
            }

            var bytes = File.ReadAllBytes(path);
            return new DaemonFileState(DaemonFile.Read(bytes), bytes, info.LastWriteTimeUtc, stat?.Uid) { Inode = stat?.Inode ?? 0 };
        }
        catch (FileNotFoundException)
        {
            return new DaemonFileState(new DaemonFile.Missing(), [], null, null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Untouchable($"cannot be read: {e.Message}");
        }
    }

    /// <summary>Replaces the file whatever it is.</summary>
    public static void Replace(string path, ReadOnlySpan<byte> bytes) => Replace(path, bytes, null);

    /// <summary>Replaces the file unless somebody else has changed it since it was seen: what he wrote would be lost. False when somebody has.</summary>
    public static bool Replace(string path, ReadOnlySpan<byte> bytes, DaemonFileState? seen)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        Directory.CreateDirectory(folder);
        var temporary = Path.Combine(folder, $".{Path.GetFileName(path)}{Temporary}");
        var old = File.Exists(path) ? Stat.Of(path) : null;
        var mode = old is null ? UsualMode : File.GetUnixFileMode(path);
        File.Delete(temporary);
        try
        {
            WriteWhole(temporary, bytes, mode, old);
            if (seen is not null && !seen.IsAsIn(Read(path)))
            {
                File.Delete(temporary);
                return false;
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            // On a full disk the half of it would be in everybody's way.
            File.Delete(temporary);
            throw;
        }

        SyncFolder(folder);
        return true;
    }

    /// <summary>What a kill in the middle of <see cref="Replace(string, ReadOnlySpan{byte}, DaemonFileState?)"/> left in a folder.</summary>
    public static void RemoveHalfWritten(string folder, string file = "*")
    {
        try
        {
            foreach (var half in Directory.GetFiles(folder, $".{file}{Temporary}"))
            {
                File.Delete(half);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A folder that cannot be written is told of when something is to be written.
        }
    }

    private static void WriteWhole(string path, ReadOnlySpan<byte> bytes, UnixFileMode mode, Stat? owner)
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

    /// <summary>Makes a rename last (fsync(2) of the directory).</summary>
    public static void SyncFolder(string folder)
    {
        using var opened = Open(folder, CloseOnExec);
        if (!opened.IsInvalid)
        {
            _ = Sync(opened);
        }
    }

    private static DaemonFileState Untouchable(string problem) => new(new DaemonFile.Untouchable(problem), [], null, null);

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

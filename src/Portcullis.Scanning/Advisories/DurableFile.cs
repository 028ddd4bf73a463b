using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace Portcullis.Scanning.Advisories;

/// <summary>Replaces a file whole: at any moment, and after any crash, the path has the old content or the new, and who has the old one open keeps it.</summary>
internal static partial class DurableFile
{
    private const int CloseOnExec = 0x80000;

    /// <summary>
    /// Holds off other imports into the same path until it is disposed of. Throws <see cref="IOException"/> when there is one.
    /// </summary>
    public static IDisposable Lock(string path)
    {
        try
        {
            return new FileStream($"{path}.lock", FileMode.OpenOrCreate, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);
        }
        catch (IOException e) when (e is not (DirectoryNotFoundException or PathTooLongException))
        {
            throw new IOException($"another import into {path} is running (it holds {path}.lock); wait until it is done", e);
        }
    }

    /// <summary>Writes the content beside the path and renames it over. Call it under <see cref="Lock"/>: what a crash left behind is removed.</summary>
    public static void Replace(string path, Action<Stream> write)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        var name = Path.GetFileName(path);
        foreach (var left in Directory.EnumerateFiles(folder, $".{name}.*.new"))
        {
            File.Delete(left);
        }

        var temporary = Path.Combine(folder, $".{name}.{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6))}.new");
        try
        {
            using (var file = new FileStream(temporary, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1 << 16))
            {
                write(file);
                file.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }

        SyncFolder(folder);
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

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial SafeFileHandle Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Sync(SafeFileHandle folder);
}

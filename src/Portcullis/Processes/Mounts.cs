using System.Runtime.InteropServices;

namespace Portcullis.Processes;

/// <summary>Mounts that a program of ours leaves behind.</summary>
internal static partial class Mounts
{
    /// <summary>
    /// Takes away what is mounted on this very folder. One that is not mounted stays as it is, and so does one in use: containers that
    /// outlive their engine (live-restore) have their files there.
    /// </summary>
    public static void Leave(string folder) => _ = Unmount(folder, 0);

    [LibraryImport("libc", EntryPoint = "umount2", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Unmount(string target, int flags);
}

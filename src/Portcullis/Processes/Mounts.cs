using System.Runtime.InteropServices;

namespace Portcullis.Processes;

/// <summary>Mounts that a program of ours leaves behind.</summary>
internal static partial class Mounts
{
    private const int Busy = 16;

    /// <summary>What the program itself had started (dockerd its containerd) may end a little after it.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Takes away what is mounted on this very folder. One that is not mounted stays as it is, and so does one in use: containers that
    /// outlive their engine (live-restore) have their files there.
    /// </summary>
    public static async Task LeaveAsync(string folder, TimeProvider time)
    {
        var deadline = time.Monotonic() + Patience;
        while (Unmount(folder, 0) == 0 || (Marshal.GetLastPInvokeError() == Busy && time.Monotonic() < deadline))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), time, CancellationToken.None);
        }
    }

    [LibraryImport("libc", EntryPoint = "umount2", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Unmount(string target, int flags);
}

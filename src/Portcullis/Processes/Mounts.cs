using System.Runtime.InteropServices;
using Portcullis.Http.Retries;

namespace Portcullis.Processes;

/// <summary>Removes mounts that a child program left.</summary>
internal static partial class Mounts
{
    private const int Busy = 16;

    /// <summary>A child of the program (dockerd's containerd) may exit a little after it.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Unmounts whatever is mounted on this folder. A mount that is in use stays: containers that outlive their engine (live-restore)
    /// have their files there.
    /// </summary>
    public static async Task UnmountAsync(string folder, TimeProvider time)
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

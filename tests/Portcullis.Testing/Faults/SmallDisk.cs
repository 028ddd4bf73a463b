using System.Diagnostics;
using System.Globalization;

namespace Portcullis.Testing.Faults;

/// <summary>A disk of a few hundred KiB, mounted over a folder, that a test fills and empties.</summary>
public sealed class SmallDisk : IDisposable
{
    private readonly string _folder;

    private SmallDisk(string folder) => _folder = folder;

    private string Ballast => Path.Combine(_folder, "ballast");

    /// <summary>Null where the test may not mount. What the folder holds is hidden until the end.</summary>
    public static SmallDisk? Mount(string folder, int kibibytes)
    {
        Directory.CreateDirectory(folder);
        return Run("mount", "-t", "tmpfs", "-o", string.Create(CultureInfo.InvariantCulture, $"size={kibibytes}k,mode=0700"), "tmpfs", folder)
            ? new SmallDisk(folder)
            : null;
    }

    /// <summary>Takes whatever room is left.</summary>
    public void Fill()
    {
        using var file = new FileStream(Ballast, FileMode.Append, FileAccess.Write, FileShare.None, bufferSize: 0);
        foreach (var size in new[] { 4096, 1 })
        {
            try
            {
                while (true)
                {
                    file.Write(new byte[size]);
                }
            }
            catch (IOException)
            {
                // Full.
            }
        }
    }

    /// <summary>Gives the room back.</summary>
    public void Empty() => File.Delete(Ballast);

    public void Dispose() => Run("umount", "-l", _folder);

    /// <summary>Runs mount or umount; false when it fails.</summary>
    public static bool Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}

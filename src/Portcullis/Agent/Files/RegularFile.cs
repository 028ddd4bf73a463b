using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Portcullis.Http.Machine;

namespace Portcullis.Agent.Files;

/// <summary>
/// An open file of which everything is read by one descriptor, so that nobody can put another file in its place between a check and the reading.
/// Opening never waits for a writer of a pipe, follows no symbolic link at the end of the path, and sets nothing off in a device.
/// </summary>
internal sealed partial class RegularFile : IDisposable
{
    private const string Remedy = "replace it with a regular file";
    private const string Other = "is not a regular file: replace it with one";

    // open(2), asm-generic/fcntl.h.
    private const int NoControllingTerminal = 0x100;
    private const int NonBlocking = 0x800;
    private const int CloseOnExec = 0x80000;

    // errno(3). ENXIO is what a socket answers.
    private const int NoEntry = 2;
    private const int NoDevice = 6;
    private const int AccessDenied = 13;
    private const int NotFolder = 20;
    private const int Loop = 40;

    /// <summary>O_NOFOLLOW, which is not the same on every architecture.</summary>
    private static readonly int NoFollow = RuntimeInformation.ProcessArchitecture is Architecture.Arm or Architecture.Arm64 ? 0x8000 : 0x20000;

    private readonly SafeFileHandle _file;

    private RegularFile(SafeFileHandle file, Stat stat)
    {
        (_file, Stat) = (file, stat);
    }

    public Stat Stat { get; }

    /// <summary>Its length in bytes.</summary>
    public long Length => RandomAccess.GetLength(_file);

    public DateTime ModifiedAt => File.GetLastWriteTimeUtc(_file);

    /// <exception cref="FileNotFoundException">There is nothing at the path.</exception>
    /// <exception cref="NotRegularFileException">There is something else than a regular file.</exception>
    /// <exception cref="IOException">It cannot be opened.</exception>
    public static RegularFile Open(string path)
    {
        var file = Open(path, CloseOnExec | NonBlocking | NoControllingTerminal | NoFollow);
        var error = Marshal.GetLastPInvokeError();
        if (file.IsInvalid)
        {
            file.Dispose();
            throw Problem(error, path);
        }

        if (Stat.Of((int)file.DangerousGetHandle()) is { IsRegular: true } stat)
        {
            return new RegularFile(file, stat);
        }

        file.Dispose();
        throw new NotRegularFileException(Directory.Exists(path) ? $"is a folder: {Remedy}" : Other);
    }

    /// <summary>Its first bytes, up to <paramref name="most"/> of them.</summary>
    public byte[] Read(int most) => Read(0, (int)Math.Min(Length, most));

    /// <summary>Its last bytes, up to <paramref name="most"/> of them.</summary>
    public byte[] ReadEnd(int most)
    {
        var length = Length;
        return Read(Math.Max(0, length - most), (int)Math.Min(length, most));
    }

    private byte[] Read(long from, int count)
    {
        var bytes = new byte[count];
        int read, at = 0;
        while (at < count && (read = RandomAccess.Read(_file, bytes.AsSpan(at), from + at)) > 0)
        {
            at += read;
        }

        return at == count ? bytes : bytes[..at];
    }

    public void Dispose() => _file.Dispose();

    private static Exception Problem(int error, string path) => error switch
    {
        NoEntry or NotFolder => new FileNotFoundException($"there is no file {path}"),
        Loop => new NotRegularFileException($"is a symbolic link to {new FileInfo(path).LinkTarget}: {Remedy}"),
        NoDevice => new NotRegularFileException(Other),
        AccessDenied => new UnauthorizedAccessException(Marshal.GetPInvokeErrorMessage(error)),
        _ => new IOException(Marshal.GetPInvokeErrorMessage(error)),
    };

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial SafeFileHandle Open(string path, int flags);
}

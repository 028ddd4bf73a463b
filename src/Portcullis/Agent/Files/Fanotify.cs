using System.IO.Pipes;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Portcullis.Agent.Files;

/// <summary>
/// Reports which process writes into a folder, by fanotify(7). Without the right to listen (not root) it reports nothing. The callback gets an
/// open descriptor of the file, which it must not keep, and the process.
/// </summary>
internal sealed partial class Fanotify : IDisposable
{
    private const uint ClassNotification = 0;
    private const uint CloseOnExec = 1;

    /// <summary>O_CLOEXEC of open(2): the descriptors of written files are for no child.</summary>
    private const uint EventCloseOnExec = 0x80000;

    private const uint MarkAdd = 1;
    private const ulong Modify = 0x2;
    private const ulong CloseWrite = 0x8;
    private const ulong EventOnChild = 0x08000000;
    private const int AtFdCwd = -100;
    private const int EventLength = 24;
    private const short PollIn = 1;
    private readonly Action<int, int> _written;
    private readonly Lock _reading = new();
    private readonly byte[] _buffer = new byte[4096];
    private readonly SafeFileHandle _events;
    private readonly AnonymousPipeServerStream _end = new(PipeDirection.Out);
    private readonly SafePipeHandle _ended;
    private readonly Thread? _listening;

    public Fanotify(string folder, Action<int, int> written)
    {
        _written = written;
        _ended = _end.ClientSafePipeHandle;
        _events = Initialize(ClassNotification | CloseOnExec, EventCloseOnExec);
        if (!_events.IsInvalid && Mark(_events, MarkAdd, Modify | CloseWrite | EventOnChild, AtFdCwd, folder) == 0)
        {
            _listening = new Thread(Listen) { IsBackground = true, Name = "fanotify" };
            _listening.Start();
        }
    }

    /// <summary>Whether the kernel permits listening.</summary>
    public bool IsListening => _listening is not null;

    /// <summary>Reports on the caller's thread what the kernel has queued: a write of this very moment, before the listener is scheduled.</summary>
    public void ReportPending()
    {
        if (!IsListening)
        {
            return;
        }

        lock (_reading)
        {
            var events = new PollEntry { Descriptor = (int)_events.DangerousGetHandle(), Wanted = PollIn };
            while (Poll(ref events, 1, 0) > 0 && Read(_events, ref _buffer[0], (nuint)_buffer.Length) is var length and > 0)
            {
                Report(_buffer.AsSpan(0, (int)length));
            }
        }
    }

    /// <summary>Ends the thread first: the number of a descriptor that is closed while it is read may be reused for another file.</summary>
    public void Dispose()
    {
        _end.Dispose();
        _listening?.Join();
        _ended.Dispose();
        _events.Dispose();
    }

    private void Listen()
    {
        Span<PollEntry> awaited =
        [
            new PollEntry { Descriptor = (int)_events.DangerousGetHandle(), Wanted = PollIn },
            new PollEntry { Descriptor = (int)_ended.DangerousGetHandle() },
        ];
        while (true)
        {
            if (Poll(ref awaited[0], (nuint)awaited.Length, -1) < 0)
            {
                continue; // interrupted by a signal (EINTR): the only failure with two open descriptors
            }

            if (awaited[1].Seen != 0)
            {
                return; // the other end of the pipe is closed
            }

            ReportPending();
        }
    }

    /// <summary>struct fanotify_event_metadata: event_len u32, vers u8, reserved u8, metadata_len u16, mask u64, fd s32, pid s32.</summary>
    private void Report(ReadOnlySpan<byte> events)
    {
        for (var at = 0; at + EventLength <= events.Length;)
        {
            var size = MemoryMarshal.Read<int>(events[at..]);
            var file = MemoryMarshal.Read<int>(events[(at + 16)..]);
            if (file >= 0)
            {
                _written(file, MemoryMarshal.Read<int>(events[(at + 20)..]));
                _ = Close(file);
            }

            at += Math.Max(size, EventLength);
        }
    }

    [LibraryImport("libc", EntryPoint = "fanotify_init")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial SafeFileHandle Initialize(uint flags, uint eventFlags);

    [LibraryImport("libc", EntryPoint = "fanotify_mark", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Mark(SafeFileHandle events, uint flags, ulong mask, int folder, string path);

    [LibraryImport("libc", EntryPoint = "poll")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Poll(ref PollEntry first, nuint count, int milliseconds);

    [LibraryImport("libc", EntryPoint = "read")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint Read(SafeFileHandle events, ref byte buffer, nuint length);

    [LibraryImport("libc", EntryPoint = "close")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Close(int descriptor);

    /// <summary>struct pollfd of poll(2).</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct PollEntry
    {
        public int Descriptor;
        public short Wanted;
        public short Seen;
    }
}

using System.Collections.Concurrent;
using System.Globalization;
using System.IO.Pipes;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Portcullis.Agent;

/// <summary>
/// Who writes into daemon.json's folder, by fanotify(7), which names the process: each write is remembered by the file's inode, which
/// a rename over daemon.json keeps. Without the right to listen (not root) nothing is remembered and drift is said to be by unknown.
/// </summary>
internal sealed partial class FileWriters : IDisposable
{
    private const uint ClassNotification = 0;
    private const uint CloseOnExec = 1;
    private const uint MarkAdd = 1;
    private const ulong Modify = 0x2;
    private const ulong CloseWrite = 0x8;
    private const ulong EventOnChild = 0x08000000;
    private const int AtFdCwd = -100;
    private const int EventLength = 24;
    private const int MostRemembered = 256;
    private const short PollIn = 1;
    private readonly ConcurrentDictionary<long, string> _writers = new();
    private readonly SafeFileHandle _events;
    private readonly AnonymousPipeServerStream _end = new(PipeDirection.Out);
    private readonly SafePipeHandle _ended;
    private readonly Thread? _listening;

    public FileWriters(string folder)
    {
        _ended = _end.ClientSafePipeHandle;
        _events = Initialize(ClassNotification | CloseOnExec, 0);
        if (!_events.IsInvalid && Mark(_events, MarkAdd, Modify | CloseWrite | EventOnChild, AtFdCwd, folder) == 0)
        {
            _listening = new Thread(Listen) { IsBackground = true, Name = "fanotify" };
            _listening.Start();
        }
    }

    /// <summary>Whether the kernel lets us know.</summary>
    public bool IsListening => _listening is not null;

    /// <summary>As in "by uid 1000 (ann), process 4711 (vim)"; null when nobody was seen.</summary>
    public string? WriterOf(long inode) => _writers.GetValueOrDefault(inode);

    /// <summary>Ends the listening first: a descriptor closed under a reader would soon be another file's, and what that one reads be taken.</summary>
    public void Dispose()
    {
        _end.Dispose();
        _listening?.Join();
        _ended.Dispose();
        _events.Dispose();
    }

    private void Listen()
    {
        var buffer = new byte[4096];
        Span<PollEntry> awaited =
        [
            new PollEntry { Descriptor = (int)_events.DangerousGetHandle(), Wanted = PollIn },
            new PollEntry { Descriptor = (int)_ended.DangerousGetHandle() },
        ];
        while (true)
        {
            if (Poll(ref awaited[0], (nuint)awaited.Length, -1) < 0)
            {
                continue; // interrupted by a signal (EINTR): the only way it fails with two open descriptors
            }

            if (awaited[1].Seen != 0)
            {
                return; // the other end is closed
            }

            var length = (int)Read(_events, ref buffer[0], (nuint)buffer.Length);
            if (length <= 0)
            {
                return;
            }

            // struct fanotify_event_metadata: event_len u32, vers u8, reserved u8, metadata_len u16, mask u64, fd s32, pid s32.
            for (var at = 0; at + EventLength <= length;)
            {
                var size = MemoryMarshal.Read<int>(buffer.AsSpan(at));
                var file = MemoryMarshal.Read<int>(buffer.AsSpan(at + 16));
                var pid = MemoryMarshal.Read<int>(buffer.AsSpan(at + 20));
                Remember(file, pid);
                at += Math.Max(size, EventLength);
            }
        }
    }

    private void Remember(int file, int pid)
    {
        if (file < 0)
        {
            return;
        }

        var inode = Stat.Of(file)?.Inode;
        _ = Close(file);
        if (inode is not { } number || pid == Environment.ProcessId)
        {
            if (inode is { } own)
            {
                _writers.TryRemove(own, out _);
            }

            return;
        }

        if (_writers.Count >= MostRemembered)
        {
            _writers.Clear();
        }

        // The writer may have ended before its name could be read; what an earlier write of the same file said is then better.
        var description = Describe(pid);
        if (description is not null || !_writers.ContainsKey(number))
        {
            _writers[number] = description ?? string.Create(CultureInfo.InvariantCulture, $"by process {pid}, which has ended");
        }
    }

    private static string? Describe(int pid)
    {
        try
        {
            var folder = string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}");
            var name = File.ReadAllText($"{folder}/comm").Trim();
            var uid = File.ReadLines($"{folder}/status").First(l => l.StartsWith("Uid:", StringComparison.Ordinal)).Split('\t')[1];

            // The user who logged in, behind any sudo (proc_pid_loginuid(5)); all ones when nobody did.
            var login = File.Exists($"{folder}/loginuid") ? File.ReadAllText($"{folder}/loginuid").Trim() : "";
            var behind = login is "" or "4294967295" || login == uid ? "" : $", logged in as uid {login}{NameOf(login)}";
            return $"by uid {uid}{NameOf(uid)}{behind}, process {pid} ({name})";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            return null;
        }
    }

    private static string NameOf(string uid)
    {
        try
        {
            var entry = File.ReadLines("/etc/passwd").Select(l => l.Split(':')).FirstOrDefault(f => f.Length > 2 && f[2] == uid);
            return entry is null ? "" : $" ({entry[0]})";
        }
        catch (IOException)
        {
            return "";
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

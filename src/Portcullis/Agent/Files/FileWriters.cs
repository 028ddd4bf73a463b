using System.Collections.Concurrent;
using System.Globalization;
using Portcullis.Http.Machine;

namespace Portcullis.Agent.Files;

/// <summary>
/// Who wrote the files of a folder. Each writer is remembered by the inode of the file, which a rename keeps. Without the right to listen
/// (not root) nobody is known.
/// </summary>
internal sealed class FileWriters : IDisposable
{
    private const int MostRemembered = 256;
    private readonly ConcurrentDictionary<long, string> _writers = new();
    private readonly Fanotify _events;

    public FileWriters(string folder) => _events = new Fanotify(folder, Remember);

    /// <summary>Whether the kernel permits listening.</summary>
    public bool IsListening => _events.IsListening;

    /// <summary>As in "uid 1000 (ann), process 4711 (vim)"; null when nobody was seen.</summary>
    public string? WriterOf(long inode)
    {
        _events.ReportPending();
        return _writers.GetValueOrDefault(inode);
    }

    public void Dispose() => _events.Dispose();

    private void Remember(int file, int pid)
    {
        if (Stat.Of(file)?.Inode is not { } inode)
        {
            return;
        }

        if (pid == Environment.ProcessId)
        {
            _writers.TryRemove(inode, out _);
            return;
        }

        if (_writers.Count >= MostRemembered)
        {
            _writers.Clear();
        }

        // The writer may have exited before its name could be read; what an earlier write of the same file said is better then.
        var description = ProcessDescription.Of(pid);
        if (description is not null || !_writers.ContainsKey(inode))
        {
            _writers[inode] = description ?? string.Create(CultureInfo.InvariantCulture, $"process {pid}, which has exited");
        }
    }
}

using System.Collections.Concurrent;

namespace Portcullis.EndToEnd.Agent;

/// <summary>
/// Sees by inotify each file that is made, renamed or removed in some folders, tells whoever listens at once, and remembers it as
/// <c>make etc/.daemon.json.portcullis-new</c>.
/// </summary>
internal sealed class FileWrites : IDisposable
{
    private readonly List<FileSystemWatcher> _watchers = [];
    private readonly ConcurrentQueue<string> _seen = new();

    public FileWrites(params string[] folders)
    {
        foreach (var folder in folders)
        {
            var name = Path.GetFileName(folder);
            var watcher = new FileSystemWatcher(folder) { NotifyFilter = NotifyFilters.FileName };
            watcher.Created += (_, e) => Tell($"make {name}/{e.Name}");
            watcher.Deleted += (_, e) => Tell($"remove {name}/{e.Name}");
            watcher.Renamed += (_, e) => Tell($"rename to {name}/{e.Name}");
            watcher.EnableRaisingEvents = true;
            _watchers.Add(watcher);
        }
    }

    public event Action<string>? Written;

    public IReadOnlyList<string> Seen => [.. _seen];

    public void Dispose() => _watchers.ForEach(w => w.Dispose());

    private void Tell(string write)
    {
        Written?.Invoke(write);
        _seen.Enqueue(write);
    }
}

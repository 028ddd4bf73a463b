namespace Portcullis.Agent.Files;

/// <summary>
/// Reports every change of a file: written, replaced, deleted, created. It watches the folder (inotify), so that the watch outlives the file;
/// when the folder itself is deleted, <see cref="Ensure"/> watches it again once it exists.
/// </summary>
internal sealed class FileWatch(string path, Action changed) : IDisposable
{
    private readonly string _folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
    private FileSystemWatcher? _watcher;

    /// <summary>Starts watching, or starts again after a failure. Cheap to call often.</summary>
    public void Ensure()
    {
        if (_watcher is not null || !Directory.Exists(_folder))
        {
            return;
        }

        var watcher = new FileSystemWatcher(_folder, Path.GetFileName(path))
        {
            NotifyFilter = NotifyFilters.FileName | NotifyFilters.LastWrite | NotifyFilters.Size | NotifyFilters.Attributes,
        };
        watcher.Changed += (_, _) => changed();
        watcher.Created += (_, _) => changed();
        watcher.Deleted += (_, _) => changed();
        watcher.Renamed += (_, _) => changed();
        watcher.Error += (_, _) =>
        {
            Dispose();
            changed();
        };
        _watcher = watcher;
        watcher.EnableRaisingEvents = true;
    }

    public void Dispose()
    {
        _watcher?.Dispose();
        _watcher = null;
    }
}

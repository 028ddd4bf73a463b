namespace Portcullis.Clients.Git;

/// <summary>
/// Tells when a ref of a repository on this machine may have moved, within milliseconds of a push. A hint only: whoever is told looks
/// for itself, and looks every interval anyway.
/// </summary>
public sealed class LocalRepositoryWatcher : IDisposable
{
    private readonly List<FileSystemWatcher> _watchers = [];
    private readonly Action _changed;

    private LocalRepositoryWatcher(Action changed) => _changed = changed;

    /// <summary>Null when there is nothing to watch: no such repository, or no watches left on this machine.</summary>
    public static LocalRepositoryWatcher? Start(string repository, Action changed)
    {
        var folder = GitFolderOf(repository);
        var watcher = new LocalRepositoryWatcher(changed);
        try
        {
            watcher.Watch(Path.Combine(folder, "refs"), "*", subfolders: true);
            watcher.Watch(folder, "packed-refs", subfolders: false);
            return watcher;
        }
        catch (Exception e) when (e is IOException or ArgumentException or UnauthorizedAccessException)
        {
            watcher.Dispose();
            return null;
        }
    }

    /// <summary>The folder with objects and refs: the repository itself when bare, its <c>.git</c>, or where that file points to.</summary>
    public static string GitFolderOf(string repository)
    {
        var inner = Path.Combine(repository, ".git");
        if (Directory.Exists(inner))
        {
            return inner;
        }

        if (!File.Exists(inner) || File.ReadAllText(inner).Trim() is not ['g', 'i', 't', 'd', 'i', 'r', ':', .. var target])
        {
            return repository;
        }

        var linked = Path.GetFullPath(target.Trim(), repository);
        var common = Path.Combine(linked, "commondir"); // a linked work tree keeps its refs with the main one
        return File.Exists(common) ? Path.GetFullPath(File.ReadAllText(common).Trim(), linked) : linked;
    }

    public void Dispose()
    {
        foreach (var watcher in _watchers)
        {
            watcher.Dispose();
        }
    }

    private void Watch(string folder, string filter, bool subfolders)
    {
        var watcher = new FileSystemWatcher(folder, filter)
        {
            IncludeSubdirectories = subfolders,
            NotifyFilter = NotifyFilters.FileName | NotifyFilters.LastWrite | NotifyFilters.DirectoryName,
        };
        _watchers.Add(watcher);
        watcher.Created += (_, e) => Tell(e.Name);
        watcher.Changed += (_, e) => Tell(e.Name);
        watcher.Renamed += (_, e) => Tell(e.Name);
        watcher.Deleted += (_, e) => Tell(e.Name);
        watcher.Error += (_, _) => _changed();
        watcher.EnableRaisingEvents = true;
    }

    /// <summary>git writes <c>x.lock</c> and renames it: only the rename matters.</summary>
    private void Tell(string? name)
    {
        if (name?.EndsWith(".lock", StringComparison.Ordinal) != true)
        {
            _changed();
        }
    }
}

namespace Portcullis.Clients.Git;

/// <summary>
/// Calls back when a branch or tag of a repository on this machine may have moved, within milliseconds of a push. A hint only: whoever is called
/// looks for itself, and looks every interval anyway.
/// </summary>
public sealed class LocalRepositoryWatcher : IDisposable
{
    private readonly List<FileSystemWatcher> _watchers = [];
    private readonly string _pattern;
    private readonly Action _changed;

    private LocalRepositoryWatcher(string pattern, Action changed) => (_pattern, _changed) = (pattern, changed);

    /// <summary>
    /// Watches the ref of this name, or all below where it ends in <c>/*</c>. Null when there is nothing to watch: no such repository, or
    /// no watches left on this machine.
    /// </summary>
    public static LocalRepositoryWatcher? Start(string repository, string pattern, Action changed)
    {
        var folder = GitFolderOf(repository);
        var watcher = new LocalRepositoryWatcher(pattern, changed);
        try
        {
            watcher.Watch(Path.Combine(folder, "refs"), "*", subfolders: true, name => watcher.Concerns("refs/" + name));
            watcher.Watch(folder, "packed-refs", subfolders: false, _ => true);
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

    private void Watch(string folder, string filter, bool subfolders, Func<string?, bool> concerns)
    {
        var watcher = new FileSystemWatcher(folder, filter)
        {
            IncludeSubdirectories = subfolders,
            NotifyFilter = NotifyFilters.FileName | NotifyFilters.LastWrite | NotifyFilters.DirectoryName,
        };
        _watchers.Add(watcher);
        watcher.Created += (_, e) => Tell(e.Name, concerns);
        watcher.Changed += (_, e) => Tell(e.Name, concerns);
        watcher.Renamed += (_, e) => Tell(e.Name, concerns);
        watcher.Deleted += (_, e) => Tell(e.Name, concerns);
        watcher.Error += (_, _) => _changed();
        watcher.EnableRaisingEvents = true;
    }

    /// <summary>The ref itself, or a folder on the way to it, whose content was not watched before it was made.</summary>
    private bool Concerns(string name) =>
        name == _pattern || _pattern.StartsWith(name + "/", StringComparison.Ordinal)
        || (_pattern.EndsWith("/*", StringComparison.Ordinal) && name.StartsWith(_pattern[..^1], StringComparison.Ordinal));

    /// <summary>git writes <c>x.lock</c> and renames it: only the rename matters.</summary>
    private void Tell(string? name, Func<string?, bool> concerns)
    {
        if (name?.EndsWith(".lock", StringComparison.Ordinal) != true && concerns(name))
        {
            _changed();
        }
    }
}

using LibGit2Sharp;

namespace Portcullis.Clients.Git;

/// <summary>
/// Reads the trees of one repository, within bounds: a few hundred bytes can describe folders with more files than fit in any memory, or
/// nested more deeply than any stack. LibGit2Sharp's own <c>Diff</c> has no bound and cannot be stopped.
/// </summary>
internal sealed class TreeReader(Repository repository, int limit, CancellationToken cancellationToken)
{
    /// <summary>As in git (<c>core.maxTreeDepth</c>).</summary>
    private const int DepthLimit = 2048;

    /// <summary>What an entry takes beside its path where git lists it.</summary>
    private const int EntryBytes = 53;

    private long _read;

    /// <summary>Every file, symlink and submodule below a folder (empty: all), in git's order; a path that is no folder as itself.</summary>
    public List<GitTreeEntry> List(string commit, string path)
    {
        var entries = new List<GitTreeEntry>();
        var open = new Stack<Node>();
        if (At(commit, path) is { } start)
        {
            open.Push(start);
        }

        while (open.TryPop(out var node))
        {
            if (node.Tree is null)
            {
                entries.Add(new GitTreeEntry(node.Path, node.Id.Sha, TypeOf(node.Mode)));
                continue;
            }

            var children = Children(node);
            for (var at = children.Count - 1; at >= 0; at--)
            {
                open.Push(children[at]);
            }
        }

        return entries;
    }

    /// <summary>What differs between two commits below a folder, ordered by path.</summary>
    public List<GitDifference> Compare(string before, string after, string path)
    {
        var differences = new List<GitDifference>();
        var open = new Stack<(Node? Before, Node? After)>();
        open.Push((At(before, path), At(after, path)));
        while (open.TryPop(out var pair))
        {
            var (old, now) = pair;
            if (old?.Id == now?.Id && old?.Mode == now?.Mode)
            {
                continue;
            }

            if (Difference(old, now) is { } difference)
            {
                differences.Add(difference);
            }

            foreach (var both in Pairs(Children(old), Children(now)))
            {
                open.Push(both);
            }
        }

        differences.Sort((a, b) => string.CompareOrdinal(a.Path, b.Path));
        return differences;
    }

    private static IEnumerable<(Node? Before, Node? After)> Pairs(List<Node> before, List<Node> after)
    {
        var old = new Dictionary<string, Node>(before.Count, StringComparer.Ordinal);
        foreach (var node in before)
        {
            old[node.Path] = node;
        }

        foreach (var node in after)
        {
            yield return (old.Remove(node.Path, out var same) ? same : null, node);
        }

        foreach (var node in old.Values)
        {
            yield return (node, null);
        }
    }

    /// <summary>Null between two folders: what is in them differs.</summary>
    private static GitDifference? Difference(Node? before, Node? after)
    {
        var old = before is { Tree: null } ? before.Id.Sha : null;
        var now = after is { Tree: null } ? after.Id.Sha : null;
        return old is null && now is null ? null : new GitDifference((before ?? after)!.Path, old, now);
    }

    private static GitEntryType TypeOf(Mode mode) => mode switch
    {
        Mode.SymbolicLink => GitEntryType.Symlink,
        Mode.GitLink => GitEntryType.Submodule,
        _ => GitEntryType.File,
    };

    /// <summary>What a path stands for in a commit, null when there is nothing.</summary>
    private Node? At(string commit, string path)
    {
        var found = repository.Lookup<Commit>(commit) ?? throw new NotFoundException($"the commit {commit} is missing");
        Node? node = new Node("", Mode.Directory, found.Tree);
        foreach (var name in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            node = node is null ? null : Children(node).Find(c => c.Path == Join(node.Path, name));
        }

        return node;
    }

    private List<Node> Children(Node? node)
    {
        if (node?.Tree is not { } tree)
        {
            return [];
        }

        Count(node.Path, repository.ObjectDatabase.RetrieveObjectMetadata(tree.Id).Size);
        if (node.Path.Count(c => c == '/') >= DepthLimit)
        {
            throw new GitException(GitFailure.TooLarge, $"the commit has folders that are nested more than {DepthLimit} deep");
        }

        var children = new List<Node>();
        foreach (var entry in tree)
        {
            var path = Join(node.Path, entry.Name);
            Count(path, EntryBytes);
            children.Add(new Node(path, entry.Mode, entry.Target));
        }

        return children;
    }

    private static string Join(string folder, string name) => folder.Length == 0 ? name : $"{folder}/{name}";

    private void Count(string path, long bytes)
    {
        cancellationToken.ThrowIfCancellationRequested();
        _read += path.Length + bytes;
        if (_read > limit)
        {
            throw new GitException(GitFailure.TooLarge, $"the folders of the commit have more than {limit / 1024 / 1024} MiB of entries");
        }
    }

    private sealed record Node(string Path, Mode Mode, GitObject Target)
    {
        public ObjectId Id => Target.Id;

        public Tree? Tree => Target as Tree;
    }
}

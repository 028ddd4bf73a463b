using System.Security.Cryptography;
using System.Text;

namespace Portcullis.Clients.Git;

/// <summary>
/// A bare copy of one remote branch or tag with its history, kept under the cache folder. Losing it costs one fetch. The whole
/// history is kept, since descent and "which commit changed this last" are asked of it; one ref only, and no other branch's objects.
/// </summary>
public sealed class GitMirror
{
    private const string Head = "refs/portcullis/head";
    private const string Candidates = "refs/portcullis/candidates/";
    private const string Kept = "refs/portcullis/in-force";

    /// <summary>git holds a lock for as long as it writes one small file.</summary>
    private static readonly TimeSpan LockLimit = TimeSpan.FromSeconds(10);

    private readonly TimeProvider _time;
    private readonly GitRunner _git;
    private readonly GitRemote _remote;
    private readonly SshConnections? _connections;
    private int _fetches;

    public GitMirror(GitOptions options, GitRemote remote, TimeProvider time, SshConnections? connections = null)
    {
        _connections = connections;
        _time = time;
        _git = new GitRunner(options, time);
        _remote = remote;
        var name = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{remote.Owner}\n{remote.Url.Text}")))[..24];
        Repository = new GitRepository(_git, Path.Combine(options.CacheFolder, CacheFolders.Mirrors, name + ".git"));
        Signatures = new GitSignatures(_git, Repository.Folder);
    }

    /// <summary>For reading what was fetched.</summary>
    public GitRepository Repository { get; }

    public GitSignatures Signatures { get; }

    /// <summary>The remote's refs with exactly these names; a trailing <c>/*</c> asks for all below.</summary>
    public async Task<IReadOnlyList<GitRef>> ListAsync(string pattern, CancellationToken cancellationToken)
    {
        List<string> arguments = ["ls-remote", "--quiet", "--", _remote.Url.Text, pattern];
        if (pattern.StartsWith("refs/tags/", StringComparison.Ordinal) && !pattern.EndsWith('*'))
        {
            arguments.Add(pattern + "^{}");
        }

        var output = await AskAsync(null, arguments, cancellationToken);
        var peeled = new Dictionary<string, string>(StringComparer.Ordinal);
        var targets = new List<(string Name, string Id)>();
        foreach (var line in output.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = line.Split('\t', 2);
            if (parts is [{ Length: 64 }, _])
            {
                throw GitFailures.ForeignHashes(_remote.Url.Text);
            }

            if (parts.Length != 2 || parts[0].Length != 40 || !parts[0].All(char.IsAsciiHexDigitLower))
            {
                continue;
            }

            if (parts[1].EndsWith("^{}", StringComparison.Ordinal))
            {
                peeled[parts[1][..^3]] = parts[0];
            }
            else if (pattern.EndsWith('*') ? parts[1].StartsWith(pattern[..^1], StringComparison.Ordinal) : parts[1] == pattern)
            {
                targets.Add((parts[1], parts[0]));
            }
        }

        return [.. targets.Select(t => new GitRef(t.Name, t.Id, peeled.GetValueOrDefault(t.Name, t.Id)))];
    }

    /// <summary>Brings what a ref (<c>refs/heads/main</c>) or a commit stands for here, with its history.</summary>
    public Task FetchAsync(string refOrCommit, CancellationToken cancellationToken) => FetchAsync([$"+{refOrCommit}:{Head}"], cancellationToken);

    /// <summary>Brings a branch or tag here without asking first what it stands for, which then is told. Null when the remote has none of that name.</summary>
    public async Task<GitRef?> FetchRefAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            await FetchAsync(name, cancellationToken);
        }
        catch (GitException e) when (e.Failure == GitFailure.NoReference)
        {
            return null;
        }

        return await Repository.ReadRefAsync(Head, name, cancellationToken);
    }

    /// <summary>Brings tags (<c>refs/tags/v1.2.0+build.9</c>) here, so that their commits can be compared.</summary>
    public Task FetchTagsAsync(IEnumerable<string> tags, CancellationToken cancellationToken) =>
        FetchAsync(tags.Select(t => $"+{t}:{Candidates}{t["refs/tags/".Length..]}"), cancellationToken);

    private async Task FetchAsync(IEnumerable<string> refs, CancellationToken cancellationToken)
    {
        await CreateAsync(cancellationToken);
        BreakOldLocks();
        await AskAsync(
            Repository.Folder,
            [
                "fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--no-recurse-submodules", "--no-auto-maintenance", "--force", "--",
                _remote.Url.Text, .. refs,
            ],
            cancellationToken);
        if (++_fetches % 50 == 0)
        {
            await _git.RunAsync(Repository.Folder, ["-c", "gc.auto=500", "gc", "--auto", "--quiet", "--prune=1.hour.ago"], cancellationToken);
        }
    }

    /// <summary>Keeps a commit and its history from being cleaned away when its branch moves elsewhere.</summary>
    public Task KeepAsync(string commit, CancellationToken cancellationToken)
    {
        BreakOldLocks();
        return _git.RunAsync(Repository.Folder, ["update-ref", Kept, commit], cancellationToken);
    }

    /// <summary>Throws the mirror away; the next fetch makes it anew.</summary>
    public void Discard()
    {
        _connections?.Leave(_remote.Owner);
        if (Directory.Exists(Repository.Folder))
        {
            Directory.Delete(Repository.Folder, recursive: true);
        }
    }

    /// <summary>A git that was killed while it wrote (a timeout, the program's own end) leaves its lock, which would keep every later one out for ever.</summary>
    private void BreakOldLocks()
    {
        var before = _time.GetUtcNow() - LockLimit;
        foreach (var (folder, depth) in new[] { ("", SearchOption.TopDirectoryOnly), ("refs", SearchOption.AllDirectories), (Path.Combine("objects", "info"), SearchOption.TopDirectoryOnly) })
        {
            var place = Path.Combine(Repository.Folder, folder);
            var locks = Directory.Exists(place) ? Directory.GetFiles(place, "*.lock", depth) : [];
            foreach (var one in locks.Where(l => File.GetLastWriteTimeUtc(l) < before.UtcDateTime))
            {
                try
                {
                    File.Delete(one);
                }
                catch (Exception e) when (e is IOException or UnauthorizedAccessException)
                {
                    // git says so in its own words.
                }
            }
        }
    }

    private async Task CreateAsync(CancellationToken cancellationToken)
    {
        if (!File.Exists(Path.Combine(Repository.Folder, "HEAD")))
        {
            await _git.RunAsync(null, ["init", "--quiet", "--bare", "--template=", "--", Repository.Folder], cancellationToken);
        }
    }

    /// <summary>A command that speaks with the remote. git's own words for a missing local repository are the same as for a refused one.</summary>
    private async Task<GitOutput> AskAsync(string? folder, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        try
        {
            return await SpeakAsync(folder, arguments, cancellationToken);
        }
        catch (GitException e) when (e.Failure == GitFailure.Unsupported)
        {
            throw GitFailures.ForeignHashes(_remote.Url.Text);
        }
        catch (GitException e) when (_remote.Url.LocalPath is { } path && !Directory.Exists(path))
        {
            throw new GitException(GitFailure.NoRepository, $"there is no repository at {path}", e);
        }
    }

    /// <summary>By the kept connection where there is one. One that was opened before may have become useless unseen: then by another.</summary>
    private async Task<GitOutput> SpeakAsync(string? folder, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var connection = _connections is null ? null : await _connections.OpenAsync(_remote, cancellationToken);
        try
        {
            return await _git.RunAsync(folder, arguments, cancellationToken, _remote, controlPath: connection?.ControlPath);
        }
        catch (GitException e) when (connection is not null && e.Failure is not (GitFailure.NoReference or GitFailure.Unsupported or GitFailure.TooLarge or GitFailure.Disk))
        {
            _connections!.End(connection);
            if (connection.IsNew)
            {
                throw;
            }
        }

        return await _git.RunAsync(folder, arguments, cancellationToken, _remote);
    }
}

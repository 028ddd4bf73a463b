using System.Runtime.CompilerServices;
using LibGit2Sharp;

namespace Portcullis.Clients.Git;

/// <summary>Reads one repository on disk: a mirror, or a user's own for <c>validate</c> and <c>plan</c>. Never writes.</summary>
public sealed class GitRepository
{
    /// <summary>How git writes the blob of a path that a commit took away.</summary>
    private const string NoBlob = "0000000000000000000000000000000000000000";

    private readonly GitRunner _git;
    private readonly GitDiagnosis _diagnosis;

    internal GitRepository(GitRunner git, string folder)
    {
        _git = git;
        _diagnosis = new GitDiagnosis(git, folder);
        Folder = folder;
    }

    /// <summary>A user's repository, for reading.</summary>
    public GitRepository(GitOptions options, string folder, TimeProvider time)
        : this(new GitRunner(options, time), folder)
    {
    }

    /// <summary>The folder that holds objects and refs.</summary>
    public string Folder { get; }

    /// <summary>The commit that a name stands for; null when there is none, nor a repository yet.</summary>
    public async Task<string?> ResolveAsync(string name, CancellationToken cancellationToken) =>
        File.Exists(Path.Combine(Folder, "HEAD"))
            ? await ReadAsync(r => CommitOf(r, name)?.Sha, ["rev-parse", "--git-dir"], cancellationToken)
            : null;

    /// <summary>What a ref of this repository stands for, under the name that it has elsewhere; null when it leads to no commit.</summary>
    internal Task<GitRef?> ReadRefAsync(string reference, string name, CancellationToken cancellationToken) => ReadAsync(
        r => r.Refs[reference]?.TargetIdentifier is { } target && CommitOf(r, target) is { } commit ? new GitRef(name, target, commit.Sha) : null,
        ["rev-parse", "--verify", reference],
        cancellationToken);

    public Task<GitCommit> ReadCommitAsync(string commit, CancellationToken cancellationToken) => ReadAsync(
        r => CommitOf(r, commit) is { } found
            ? new GitCommit(found.Sha, AuthorOf(found), found.Committer.When, GitNames.Subject(found.MessageShort))
            : throw new NotFoundException($"the commit {commit} is missing"),
        ["cat-file", "-e", commit],
        cancellationToken);

    /// <summary>Whether history leads from the first commit to the second. False as well when either is not here.</summary>
    public Task<bool> IsAncestorAsync(string ancestor, string commit, CancellationToken cancellationToken) => ReadAsync(
        r => r.Lookup<Commit>(ancestor) is { } first && r.Lookup<Commit>(commit) is { } second && r.ObjectDatabase.FindMergeBase(first, second) == first,
        ["cat-file", "-e", commit],
        cancellationToken);

    /// <summary>Every file, symlink and submodule below a folder (empty: all), in git's order.</summary>
    public async Task<IReadOnlyList<GitTreeEntry>> ReadTreeAsync(string commit, string path, CancellationToken cancellationToken) => await ReadAsync(
        r => new TreeReader(r, _git.Options.OutputLimit, cancellationToken).List(commit, path),
        ["ls-tree", "-r", "-z", "--full-tree", commit],
        cancellationToken);

    /// <summary>What differs between two commits below a folder (empty: everywhere), ordered by path; a file that moved is two differences.</summary>
    public async Task<IReadOnlyList<GitDifference>> ReadDifferencesAsync(
        string before, string after, string path, CancellationToken cancellationToken) => await ReadAsync(
        r => new TreeReader(r, _git.Options.OutputLimit, cancellationToken).Compare(before, after, path),
        ["diff-tree", "-r", "-z", before, after],
        cancellationToken);

    /// <summary>The blobs in the order asked for; larger ones come without content.</summary>
    public async IAsyncEnumerable<GitBlob> ReadBlobsAsync(
        IReadOnlyCollection<string> ids, int sizeLimit, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var objects = ObjectDatabase.Open(Folder);
        try
        {
            foreach (var (at, id) in ids.Index())
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (!objects.TryRead(id, sizeLimit, out var blob))
                {
                    objects.Dispose();
                    await _diagnosis.FindAsync([.. ids.Skip(at)], cancellationToken);
                    objects = ObjectDatabase.Open(Folder);
                    blob = objects.Read(id, sizeLimit);
                }

                yield return blob;
            }
        }
        finally
        {
            objects.Dispose();
        }
    }

    /// <summary>
    /// Which commits gave paths below a folder their blobs, newest first; the caller stops reading when it knows enough.
    /// Merges that took one side whole do not count: the commit on that side does.
    /// </summary>
    public async IAsyncEnumerable<GitTouch> ReadTouchesAsync(
        string commit, string? since, string path, int commitLimit, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var touches = since is not null && await ReadTouchesOfOneAsync(commit, since, path, cancellationToken) is { } few
            ? few.ToAsyncEnumerable()
            : new GitTouchLog(_git, Folder).ReadAsync(commit, since, path, commitLimit, cancellationToken);
        await foreach (var touch in touches.WithCancellation(cancellationToken))
        {
            yield return touch;
        }
    }

    /// <summary>One commit touched what differs from its parent: no git needs to search for that. Null where more than one commit lies between.</summary>
    private Task<List<GitTouch>?> ReadTouchesOfOneAsync(string commit, string since, string path, CancellationToken cancellationToken) => ReadAsync(
        r =>
        {
            var one = r.Lookup<Commit>(commit);
            return one?.Parents.Select(p => p.Sha).ToList() is [var parent] && parent == since
                ? new TreeReader(r, _git.Options.OutputLimit, cancellationToken).Compare(since, commit, path)
                    .ConvertAll(d => new GitTouch(d.Path, d.After ?? NoBlob, commit, AuthorOf(one)))
                : null;
        },
        ["diff-tree", "-r", "-z", since, commit],
        cancellationToken);

    /// <summary>Reads on a thread of the pool. What libgit2 cannot read, git is asked for in the given words, and then it tries once more.</summary>
    private async Task<T> ReadAsync<T>(Func<Repository, T> read, IReadOnlyList<string> command, CancellationToken cancellationToken)
    {
        try
        {
            return await OpenAsync(read, cancellationToken);
        }
        catch (LibGit2SharpException)
        {
            await _diagnosis.ReadAsync(command, cancellationToken);
        }

        try
        {
            return await OpenAsync(read, cancellationToken);
        }
        catch (LibGit2SharpException e)
        {
            throw new GitException(GitFailure.Other, $"{Folder}: {GitFailures.Redact(e.Message)}", e);
        }
    }

    private Task<T> OpenAsync<T>(Func<Repository, T> read, CancellationToken cancellationToken) => Task.Run(
        () =>
        {
            using var repository = LibGit2.Open(Folder);
            return read(repository);
        },
        cancellationToken);

    /// <summary>Null when the name stands for nothing, for several things, or is no name at all.</summary>
    private static Commit? CommitOf(Repository repository, string name)
    {
        try
        {
            return repository.Lookup(name + "^{commit}", ObjectType.Commit) as Commit;
        }
        catch (Exception e) when (e is AmbiguousSpecificationException or InvalidSpecificationException or NotFoundException)
        {
            return null;
        }
    }

    private static string AuthorOf(Commit commit) => GitNames.Author($"{commit.Author.Name} <{commit.Author.Email}>");
}

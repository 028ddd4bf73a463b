using Portcullis.Clients.Git;
using Portcullis.Testing.Git;

namespace Portcullis.Clients.Tests.Git;

/// <summary>An operator polls a repository for months: nothing of it may stay open or mapped between two polls.</summary>
[NonParallelizable]
internal sealed class GitHandlesTests
{
    private const int Polls = 200;
    private const int Spare = 16; // of the runtime's own, which come and go

    [Test]
    public async Task Two_hundred_polls_of_a_changing_repository_leave_nothing_open_and_nothing_mapped()
    {
        using var workspace = new GitWorkspace();
        for (var i = 0; i < 150; i++)
        {
            workspace.Write($"many/{i}.yaml", $"number {i}");
        }

        var mirror = new GitMirror(
            new GitOptions { CacheFolder = workspace.Cache, AllowLocal = true }, new GitRemote(GitUrl.Parse(workspace.Folder, true, out _)!), TimeProvider.System);
        var before = await PollAsync(mirror, workspace.Commit(), null);
        var open = Open().Count;
        for (var i = 0; i < Polls; i++)
        {
            before = await PollAsync(mirror, workspace.Write("a.yaml", $"{i}").Commit(), before);
        }

        Assert.That(Open().Where(f => f.StartsWith(workspace.Root, StringComparison.Ordinal)), Is.Empty);
        Assert.That(Mapped().Where(f => f.Contains(workspace.Root, StringComparison.Ordinal)), Is.Empty);
        Assert.That(Open(), Has.Count.LessThanOrEqualTo(open + Spare));
    }

    [Test]
    public async Task A_reader_that_stops_half_way_leaves_nothing_open_and_nothing_mapped()
    {
        using var workspace = new GitWorkspace();
        var commit = workspace.Write("a.yaml", "one").Write("b.yaml", "two").Commit();
        workspace.Git("repack", "-a", "-d", "-q");
        var repository = new GitRepository(
            new GitOptions { CacheFolder = workspace.Cache, AllowLocal = true }, Path.Combine(workspace.Folder, ".git"), TimeProvider.System);
        var ids = (await repository.ReadTreeAsync(commit, "", default)).Select(e => e.Id).ToList();

        await foreach (var _ in repository.ReadBlobsAsync(ids, 100, default))
        {
            Assert.That(Mapped().Where(f => f.Contains(workspace.Root, StringComparison.Ordinal)), Is.Not.Empty, "or this test sees nothing");
            break;
        }

        Assert.That(Open().Where(f => f.StartsWith(workspace.Root, StringComparison.Ordinal)), Is.Empty);
        Assert.That(Mapped().Where(f => f.Contains(workspace.Root, StringComparison.Ordinal)), Is.Empty);
    }

    private static async Task<string> PollAsync(GitMirror mirror, string commit, string? before)
    {
        await mirror.FetchAsync("refs/heads/main", default);
        var repository = mirror.Repository;
        await repository.ReadCommitAsync(commit, default);
        var entries = await repository.ReadTreeAsync(commit, "", default);
        var read = 0;
        await foreach (var blob in repository.ReadBlobsAsync([.. entries.Select(e => e.Id)], 1000, default))
        {
            read += blob.Content is null ? 0 : 1;
        }

        Assert.That(read, Is.EqualTo(entries.Count));
        if (before is not null)
        {
            Assert.That(await repository.IsAncestorAsync(before, commit, default), Is.True);
            Assert.That(await repository.ReadDifferencesAsync(before, commit, "", default), Has.Count.EqualTo(1));
        }

        return commit;
    }

    private static List<string> Open() => [.. Directory.GetFileSystemEntries("/proc/self/fd").Select(f => new FileInfo(f).LinkTarget ?? "")];

    private static IEnumerable<string> Mapped() => File.ReadLines("/proc/self/maps");
}

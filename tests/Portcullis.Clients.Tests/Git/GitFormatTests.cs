using Portcullis.Clients.Git;
using Portcullis.Testing.Git;

namespace Portcullis.Clients.Tests.Git;

/// <summary>A repository with SHA-256 hashes: said to be one, by whatever way it is met.</summary>
internal sealed class GitFormatTests
{
    private GitWorkspace _workspace = null!;
    private string _commit = null!;

    [SetUp]
    public void SetUp()
    {
        _workspace = new GitWorkspace("sha256");
        _commit = _workspace.Write("a.yaml", "one").Commit();
    }

    [TearDown]
    public void TearDown() => _workspace.Dispose();

    [Test]
    public Task A_branch_of_it_is_not_called_missing() => IsRefused(_workspace.Folder, () => Mirror().ListAsync("refs/heads/main", default));

    [Test]
    public Task A_commit_of_it_is_not_called_missing() => IsRefused(_workspace.Folder, () => Mirror().FetchAsync("refs/heads/main", default));

    [Test]
    public async Task A_repository_on_disk_is_not_called_damaged()
    {
        var folder = Path.Combine(_workspace.Folder, ".git");
        var repository = new GitRepository(new GitOptions { CacheFolder = _workspace.Cache, AllowLocal = true }, folder, TimeProvider.System);

        await IsRefused(folder, () => repository.ResolveAsync("HEAD", default));
        await IsRefused(folder, () => repository.ReadTreeAsync(_commit, "", default));
    }

    [Test]
    public async Task A_mirror_is_made_with_the_format_that_is_read_whatever_git_prefers()
    {
        using var plain = new GitWorkspace();
        var commit = plain.Write("a.yaml", "one").Commit();
        var mirror = new GitMirror(Options(plain), new GitRemote(GitUrl.Parse(plain.Folder, true, out _)!), TimeProvider.System);

        Assert.That(await mirror.FetchedAsync("refs/heads/main"), Is.EqualTo(commit));
        Assert.That(plain.Git("--git-dir", mirror.Repository.Folder, "rev-parse", "--show-object-format"), Is.EqualTo("sha1"));
    }

    private static async Task IsRefused(string place, Func<Task> read)
    {
        var refused = (await Assert.ThrowsAsync<GitException>(() => read()))!;
        Assert.That(refused.Failure, Is.EqualTo(GitFailure.Unsupported), refused.Message);
        Assert.That(refused.Message, Does.StartWith(place + ": the object format sha256 is not supported").And.Contain("--object-format=sha1"));
    }

    private GitMirror Mirror() => new(Options(_workspace), new GitRemote(GitUrl.Parse(_workspace.Folder, true, out _)!), TimeProvider.System);

    private static GitOptions Options(GitWorkspace workspace) => new() { CacheFolder = workspace.Cache, AllowLocal = true };
}

using System.Text;
using Portcullis.Clients.Git;
using Portcullis.Testing.Git;
using Portcullis.Testing.Programs;

namespace Portcullis.Clients.Tests.Git;

[TestFixture]
internal sealed class GitMirrorTests
{
    private GitWorkspace _workspace = null!;

    private GitOptions Options => new() { CacheFolder = _workspace.Cache, AllowLocal = true };

    [SetUp]
    public void SetUp() => _workspace = new GitWorkspace();

    [TearDown]
    public void TearDown() => _workspace.Dispose();

    [Test]
    public async Task Fetches_a_branch_and_reads_its_files()
    {
        var commit = _workspace.Write("a.yaml", "one").Write("folder/ä b.yaml", "two").Commit();
        var mirror = Mirror();

        var fetched = await mirror.FetchedAsync("refs/heads/main");
        var tree = await mirror.Repository.ReadTreeAsync(fetched, "", default);
        var blobs = await Blobs(mirror, tree.Select(t => t.Id));

        Assert.Multiple(() =>
        {
            Assert.That(fetched, Is.EqualTo(commit));
            Assert.That(tree.Select(t => t.Path), Is.EqualTo(new[] { "a.yaml", "folder/ä b.yaml" }));
            Assert.That(blobs.Select(b => Encoding.UTF8.GetString(b.Content!)), Is.EqualTo(new[] { "one", "two" }));
        });
    }

    [Test]
    public async Task Lists_a_branch_and_tags_with_what_they_stand_for()
    {
        var commit = _workspace.Write("a.yaml", "one").Commit();
        _workspace.Git("tag", "light");
        _workspace.Git("tag", "-a", "v1.0.0", "-m", "first");
        var mirror = Mirror();

        var branch = await mirror.ListAsync("refs/heads/main", default);
        var tags = await mirror.ListAsync("refs/tags/*", default);
        var one = await mirror.ListAsync("refs/tags/v1.0.0", default);

        Assert.Multiple(() =>
        {
            Assert.That(branch.Single().Commit, Is.EqualTo(commit));
            Assert.That(tags.Select(t => (t.Name, t.Commit)), Is.EqualTo(new[] { ("refs/tags/light", commit), ("refs/tags/v1.0.0", commit) }));
            Assert.That(tags[1].Target, Is.Not.EqualTo(commit));
            Assert.That(one.Single().Commit, Is.EqualTo(commit));
        });
    }

    [Test]
    public async Task Knows_whether_history_leads_from_one_commit_to_another()
    {
        var first = _workspace.Write("a.yaml", "one").Commit();
        var second = _workspace.Write("a.yaml", "two").Commit();
        var mirror = Mirror();
        await mirror.FetchAsync("refs/heads/main", default);
        _workspace.Git("reset", "--quiet", "--hard", first);
        var rewritten = _workspace.Write("a.yaml", "three").Commit();
        await mirror.FetchAsync("refs/heads/main", default);

        Assert.Multiple(async () =>
        {
            Assert.That(await mirror.Repository.IsAncestorAsync(first, second, default), Is.True);
            Assert.That(await mirror.Repository.IsAncestorAsync(second, rewritten, default), Is.False);
            Assert.That(await mirror.Repository.IsAncestorAsync(new string('a', 40), rewritten, default), Is.False);
        });
    }

    [Test]
    public async Task Tells_which_commit_gave_a_file_its_content()
    {
        var first = _workspace.Write("a.yaml", "one").Write("b.yaml", "b").Commit();
        _workspace.Git("config", "user.name", "Bob");
        var second = _workspace.Write("a.yaml", "two").Commit();
        var mirror = Mirror();
        await mirror.FetchAsync("refs/heads/main", default);

        var touches = new List<GitTouch>();
        await foreach (var touch in mirror.Repository.ReadTouchesAsync(second, null, "", 100, default))
        {
            touches.Add(touch);
        }

        Assert.That(
            touches.Select(t => (t.Path, t.Commit, t.Author)),
            Is.EqualTo(new[] { ("a.yaml", second, "Bob <ann@example.com>"), ("a.yaml", first, "Ann <ann@example.com>"), ("b.yaml", first, "Ann <ann@example.com>") }));
    }

    [Test]
    public async Task Marks_symlinks_and_submodules_and_reads_no_larger_file_than_asked()
    {
        _workspace.Write("big.yaml", new byte[300_000]).Write("small.yaml", "x");
        File.CreateSymbolicLink(Path.Combine(_workspace.Folder, "link.yaml"), "/etc/passwd");
        _workspace.Git("update-index", "--add", "--cacheinfo", "160000," + new string('a', 40) + ",module");
        var commit = _workspace.Commit();
        var mirror = Mirror();
        await mirror.FetchAsync("refs/heads/main", default);

        var tree = await mirror.Repository.ReadTreeAsync(commit, "", default);
        var blobs = await Blobs(mirror, tree.Where(t => t.Type == GitEntryType.File).Select(t => t.Id), 1000);

        Assert.Multiple(() =>
        {
            Assert.That(
                tree.Where(t => t.Type != GitEntryType.File).Select(t => (t.Path, t.Type)),
                Is.EqualTo(new[] { ("link.yaml", GitEntryType.Symlink) }));
            Assert.That(blobs.Select(b => (b.Size, b.Content is null)), Is.EqualTo(new[] { (300_000L, true), (1L, false) }));
        });
    }

    [Test]
    public async Task Says_that_a_repository_or_a_branch_is_missing()
    {
        _workspace.Write("a.yaml", "one").Commit();

        var noBranch = (await Assert.ThrowsAsync<GitException>(() => Mirror().FetchAsync("refs/heads/other", default)))!;
        var noRepository = (await Assert.ThrowsAsync<GitException>(() => Mirror("/nowhere/at/all").FetchAsync("refs/heads/main", default)))!;

        Assert.Multiple(() =>
        {
            Assert.That(noBranch.Failure, Is.EqualTo(GitFailure.NoReference), noBranch.Message);
            Assert.That(noRepository.Failure, Is.EqualTo(GitFailure.NoRepository), noRepository.Message);
        });
    }

    [Test]
    public void Refuses_local_repositories_and_other_transports_unless_allowed()
    {
        Assert.Multiple(() =>
        {
            Assert.That(GitUrl.Parse("/srv/git/x", false, out var local), Is.Null);
            Assert.That(local, Does.Contain("not allowed"));
            Assert.That(GitUrl.Parse("ext::sh -c id", true, out _), Is.Null);
            Assert.That(GitUrl.Parse("http://example.com/x", true, out _), Is.Null);
            Assert.That(GitUrl.Parse("git@example.com:x", true, out var scp), Is.Null);
            Assert.That(scp, Does.Contain("ssh://"));
            Assert.That(GitUrl.Parse("https://ann:secret@example.com/x", true, out _), Is.Null);
            Assert.That(GitUrl.Parse("ssh://-oProxyCommand=x/y", true, out _), Is.Null);
            Assert.That(GitUrl.Parse("https://Example.com:8443/x.git", false, out _)!.Host, Is.EqualTo("example.com:8443"));
            Assert.That(GitUrl.Parse("ssh://git@example.com/x.git", false, out _)!.Host, Is.EqualTo("example.com"));
        });
    }

    [Test]
    public async Task Says_that_nobody_answers_without_telling_the_password()
    {
        var url = GitUrl.Parse("https://127.0.0.1:1/x.git", false, out _)!;
        var mirror = new GitMirror(
            Options, new GitRemote(url) { Credentials = new GitCredentials.Basic("ann", "s3cret"), Timeout = TimeSpan.FromSeconds(5) }, TimeProvider.System);

        var refused = (await Assert.ThrowsAsync<GitException>(() => mirror.ListAsync("refs/heads/main", default)))!;

        Assert.Multiple(() =>
        {
            Assert.That(refused.Failure, Is.EqualTo(GitFailure.Unreachable), refused.Message);
            Assert.That(refused.ToString(), Does.Not.Contain("s3cret"));
            Assert.That(mirror.ToString() + new GitCredentials.Basic("ann", "s3cret"), Does.Not.Contain("s3cret"));
        });
    }

    [Test]
    public async Task No_hook_of_the_repository_runs()
    {
        _workspace.Write("a.yaml", "one").Commit();
        var mirror = Mirror();
        await mirror.FetchAsync("refs/heads/main", default);
        var proof = Path.Combine(_workspace.Root, "ran");
        var hooks = Path.Combine(mirror.Repository.Folder, "hooks");
        Directory.CreateDirectory(hooks);
        Script.Write(Path.Combine(hooks, "reference-transaction"), $"#!/bin/sh\ntouch {proof}\n");
        _workspace.Write("a.yaml", "two").Commit();

        await mirror.FetchAsync("refs/heads/main", default);

        Assert.That(File.Exists(proof), Is.False);
    }

    [Test]
    public async Task Tells_of_a_commit_in_a_local_repository_at_once()
    {
        _workspace.Write("a.yaml", "one").Commit();
        var told = new TaskCompletionSource();
        using var watcher = LocalRepositoryWatcher.Start(_workspace.Folder, "refs/heads/main", () => told.TrySetResult());

        _workspace.Write("a.yaml", "two").Commit();

        await told.Task.WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Test]
    public async Task Tells_of_a_branch_in_a_folder_that_is_made_with_it_and_of_no_other_branch()
    {
        var commit = _workspace.Write("a.yaml", "one").Commit();
        var main = 0;
        var told = new TaskCompletionSource();
        var tagged = new TaskCompletionSource();
        using var first = LocalRepositoryWatcher.Start(_workspace.Folder, "refs/heads/main", () => main++);
        using var second = LocalRepositoryWatcher.Start(_workspace.Folder, "refs/heads/team/a/next", () => told.TrySetResult());
        using var third = LocalRepositoryWatcher.Start(_workspace.Folder, "refs/tags/*", () => tagged.TrySetResult());

        _workspace.Git("branch", "team/a/next", commit);
        _workspace.Git("tag", "v1.0.0");

        await told.Task.WaitAsync(TimeSpan.FromSeconds(10));
        await tagged.Task.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.That(main, Is.Zero);
    }

    [Test]
    public async Task A_damaged_mirror_is_told_as_such_and_made_anew()
    {
        var commit = _workspace.Write("a.yaml", "one").Commit();
        var mirror = Mirror();
        await mirror.FetchAsync("refs/heads/main", default);
        File.WriteAllText(Path.Combine(mirror.Repository.Folder, "config"), "[core]\n\trepositoryformatversion = 0\n\tbare = true\n");
        Directory.Delete(Path.Combine(mirror.Repository.Folder, "objects"), recursive: true);

        var damaged = (await Assert.ThrowsAsync<GitException>(() => mirror.FetchAsync("refs/heads/main", default)))!;
        mirror.Discard();

        Assert.That(damaged.Failure, Is.EqualTo(GitFailure.Damaged), damaged.Message);
        Assert.That(await mirror.FetchedAsync("refs/heads/main"), Is.EqualTo(commit));
    }

    [TestCase("refs/portcullis/head.lock")]
    [TestCase("packed-refs.lock")]
    public async Task A_lock_that_a_killed_git_left_behind_keeps_nobody_out_for_long(string name)
    {
        _workspace.Write("a.yaml", "one").Commit();
        var mirror = Mirror();
        await mirror.FetchAsync("refs/heads/main", default);
        var left = Path.Combine(mirror.Repository.Folder, name);
        File.WriteAllText(left, "");
        var commit = _workspace.Write("a.yaml", "two").Commit();
        await TryAsync(mirror);
        Assert.That(File.Exists(left), "it may be that of a git at work");

        File.SetLastWriteTimeUtc(left, TimeProvider.System.GetUtcNow().UtcDateTime - TimeSpan.FromMinutes(1));

        Assert.That(await mirror.FetchedAsync("refs/heads/main"), Is.EqualTo(commit));
        Assert.That(File.Exists(left), Is.False);
    }

    private static async Task TryAsync(GitMirror mirror)
    {
        try
        {
            await mirror.FetchAsync("refs/heads/main", default);
        }
        catch (GitException)
        {
            // Not every lock is in a fetch's way.
        }
    }

    [Test]
    public async Task Each_who_follows_a_repository_has_a_copy_of_his_own()
    {
        var first = _workspace.Write("a.yaml", "one").Commit();
        _workspace.Git("checkout", "--quiet", "-b", "other");
        var second = _workspace.Write("a.yaml", "two").Commit();
        var (ann, bob) = (Mirror(owner: "ann"), Mirror(owner: "bob"));

        await ann.FetchedAsync("refs/heads/main");
        Assert.That(await bob.Repository.ResolveAsync(first, default), Is.Null, "nothing is read that one's own credentials did not bring");
        await bob.FetchedAsync("refs/heads/other");
        Assert.That(await ann.Repository.ResolveAsync("refs/portcullis/head", default), Is.EqualTo(first));
        Assert.That(await bob.Repository.ResolveAsync("refs/portcullis/head", default), Is.EqualTo(second));
    }

    private GitMirror Mirror(string? folder = null, string owner = "") =>
        new(Options, new GitRemote(GitUrl.Parse(folder ?? _workspace.Folder, true, out _)!) { Owner = owner }, TimeProvider.System);

    private static async Task<List<GitBlob>> Blobs(GitMirror mirror, IEnumerable<string> ids, int limit = 1_000_000)
    {
        var blobs = new List<GitBlob>();
        await foreach (var blob in mirror.Repository.ReadBlobsAsync([.. ids], limit, default))
        {
            blobs.Add(blob);
        }

        return blobs;
    }
}

using Portcullis.Clients.Git;
using Portcullis.Testing.Git;

namespace Portcullis.Clients.Tests.Git;

/// <summary>Trees and their differences, against what git says of the same; and trees that are made to take all memory.</summary>
internal sealed class GitTreeTests
{
    private const int SmallLimit = 1024 * 1024;
    private GitWorkspace _workspace = null!;

    [SetUp]
    public void SetUp() => _workspace = new GitWorkspace();

    [TearDown]
    public void TearDown() => _workspace.Dispose();

    [TestCase("")]
    [TestCase("folder")]
    [TestCase("folder/inner")]
    [TestCase("folder.x")]
    [TestCase("folder/b.yaml")]
    [TestCase("link")]
    [TestCase("nowhere/at/all")]
    public async Task Lists_what_git_lists_in_its_order(string path)
    {
        _workspace.Write("folder/b.yaml", "b").Write("folder/inner/c.yaml", "c").Write("folder.x/d.yaml", "d").Write("folder-y", "e").Write("ä ö.yaml", "f");
        File.CreateSymbolicLink(Path.Combine(_workspace.Folder, "link"), "folder");
        var commit = _workspace.Commit();

        var entries = await Repository().ReadTreeAsync(commit, path, default);

        string[] arguments = ["-c", "core.quotePath=false", "ls-tree", "-r", "--full-tree", "--format=%(objectname) %(path)", commit, .. path.Length > 0 ? [":(literal)" + path] : Array.Empty<string>()];
        Assert.That(entries.Select(e => $"{e.Id} {e.Path}"), Is.EqualTo(_workspace.Git(arguments).Split('\n', StringSplitOptions.RemoveEmptyEntries)));
    }

    [TestCase("")]
    [TestCase("folder")]
    [TestCase("turned")]
    [TestCase("nowhere")]
    public async Task Finds_the_differences_that_git_finds(string path)
    {
        var (before, after) = Changed();

        var differences = await Repository().ReadDifferencesAsync(before, after, path, default);

        var none = new string('0', 40);
        Assert.That(
            differences.Select(d => $"{d.Before ?? none} {d.After ?? none} {d.Path}").Order(StringComparer.Ordinal),
            Is.EqualTo(GitDifferences(before, after, path)));
    }

    [TestCase("")]
    [TestCase("folder")]
    public async Task One_commit_touched_what_git_says_that_it_touched(string path)
    {
        var (before, after) = Changed();

        var touches = await TouchesAsync(after, before, path);

        var log = new List<GitTouch>();
        await foreach (var touch in new GitTouchLog(new GitRunner(Options(), TimeProvider.System), Git).ReadAsync(after, before, path, 100, default))
        {
            log.Add(touch);
        }

        Assert.That(touches, Is.EquivalentTo(log));
        Assert.That(touches, Is.Not.Empty);
    }

    [Test]
    public async Task A_merge_is_not_taken_for_one_commit()
    {
        var start = _workspace.Write("a.yaml", "one").Commit();
        _workspace.Git("checkout", "--quiet", "-b", "side");
        var side = _workspace.Write("b.yaml", "side").Commit();
        _workspace.Git("checkout", "--quiet", "main");
        _workspace.Write("c.yaml", "main").Commit();
        _workspace.Git("merge", "--quiet", "--no-ff", "-m", "merge", "side");

        var touches = await TouchesAsync(_workspace.Head, start, "");

        Assert.That(touches.Single(t => t.Path == "b.yaml").Commit, Is.EqualTo(side));
    }

    [Test]
    public async Task Folders_that_multiply_are_given_up_before_they_fill_the_memory()
    {
        // Ten folders in each of ten folders, fifteen times, in a few kilobytes.
        var commit = Commit(_workspace.Shell(
            "t=$(printf '100644 blob %s\\tf\\n' $(echo x | git hash-object -w --stdin) | git mktree); for i in $(seq 15); do t=$(for n in 0 1 2 3 4 5 6 7 8 9; do printf '040000 tree %s\\t%s\\n' $t $n; done | git mktree); done; echo $t"));
        var empty = Commit(_workspace.Shell("git mktree < /dev/null"));

        var listed = (await Assert.ThrowsAsync<GitException>(() => Repository(SmallLimit).ReadTreeAsync(commit, "", default)))!;
        var compared = (await Assert.ThrowsAsync<GitException>(() => Repository(SmallLimit).ReadDifferencesAsync(empty, commit, "", default)))!;

        Assert.That(listed.Failure, Is.EqualTo(GitFailure.TooLarge), listed.Message);
        Assert.That(compared.Failure, Is.EqualTo(GitFailure.TooLarge), compared.Message);
    }

    [Test]
    public async Task Folders_that_are_empty_count_as_well()
    {
        var commit = Commit(_workspace.Shell(
            "t=$(git mktree < /dev/null); for i in $(seq 15); do t=$(for n in 0 1 2 3 4 5 6 7 8 9; do printf '040000 tree %s\\t%s\\n' $t $n; done | git mktree); done; echo $t"));

        var listed = (await Assert.ThrowsAsync<GitException>(() => Repository(SmallLimit).ReadTreeAsync(commit, "", default)))!;

        Assert.That(listed.Failure, Is.EqualTo(GitFailure.TooLarge), listed.Message);
    }

    [Test]
    public async Task Folders_that_are_nested_too_deeply_are_refused()
    {
        var path = string.Concat(Enumerable.Repeat("a/", 2100)) + "f";
        File.WriteAllText(
            Path.Combine(_workspace.Root, "stream"),
            $"commit refs/heads/deep\ncommitter Ann <ann@example.com> 1700000000 +0000\ndata 4\ndeep\nM 100644 inline {path}\ndata 1\nx\n");
        _workspace.Shell("git fast-import --quiet < ../stream");

        var refused = (await Assert.ThrowsAsync<GitException>(() => Repository().ReadTreeAsync(_workspace.Git("rev-parse", "deep"), "", default)))!;

        Assert.That(refused.Failure, Is.EqualTo(GitFailure.TooLarge), refused.Message);
        Assert.That(refused.Message, Does.Contain("2048"));
    }

    private (string Before, string After) Changed()
    {
        _workspace.Write("same.yaml", "s").Write("folder/changed.yaml", "1").Write("folder/gone.yaml", "g").Write("folder/mode.sh", "m").Write("turned/a", "a").Write("back", "b");
        var before = _workspace.Commit();
        _workspace.Write("folder/changed.yaml", "2").Remove("folder/gone.yaml").Write("folder/new/deep.yaml", "n").Remove("turned/a").Remove("back");
        Directory.Delete(Path.Combine(_workspace.Folder, "turned"));
        _workspace.Write("turned", "a file now").Write("back/c", "a folder now");
        File.SetUnixFileMode(Path.Combine(_workspace.Folder, "folder/mode.sh"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        _workspace.Git("update-index", "--add", "--cacheinfo", "160000," + new string('a', 40) + ",module");
        _workspace.Git("add", "--all", "--", "folder", "turned", "back");
        _workspace.Git("commit", "--quiet", "-m", "change");
        return (before, _workspace.Head);
    }

    private IEnumerable<string> GitDifferences(string before, string after, string path)
    {
        string[] arguments = ["diff-tree", "-r", "--no-renames", "--no-abbrev", before, after, "--", .. path.Length > 0 ? [":(literal)" + path] : Array.Empty<string>()];
        return _workspace.Git(arguments).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split(' ', '\t')).Select(f => $"{f[2]} {f[3]} {f[5]}").Order(StringComparer.Ordinal);
    }

    private async Task<List<GitTouch>> TouchesAsync(string commit, string since, string path)
    {
        var touches = new List<GitTouch>();
        await foreach (var touch in Repository().ReadTouchesAsync(commit, since, path, 100, default))
        {
            touches.Add(touch);
        }

        return touches;
    }

    private string Commit(string tree) => _workspace.Git("commit-tree", "-m", "made", tree);

    private string Git => Path.Combine(_workspace.Folder, ".git");

    private GitRepository Repository(int? limit = null) => new(Options() with { OutputLimit = limit ?? Options().OutputLimit }, Git, TimeProvider.System);

    private GitOptions Options() => new() { CacheFolder = _workspace.Cache, AllowLocal = true };
}

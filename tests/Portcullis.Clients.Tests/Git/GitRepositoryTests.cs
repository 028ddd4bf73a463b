using System.Text;
using Portcullis.Clients.Git;
using Portcullis.Testing.Git;
using Portcullis.Testing.Programs;

namespace Portcullis.Clients.Tests.Git;

/// <summary>Repositories as users and servers have them, read in this process.</summary>
internal sealed class GitRepositoryTests
{
    private GitWorkspace _workspace = null!;

    [SetUp]
    public void SetUp() => _workspace = new GitWorkspace();

    [TearDown]
    public void TearDown() => _workspace.Dispose();

    [TestCase("HEAD", "second")]
    [TestCase("main", "second")]
    [TestCase("HEAD~1", "first")]
    [TestCase("light", "first")]
    [TestCase("annotated", "first")]
    [TestCase("HEAD^{/one}", "first")]
    [TestCase("nowhere", null)]
    [TestCase("HEAD:a.yaml", null)]
    [TestCase("HEAD~7", null)]
    [TestCase("a..b", null)]
    [TestCase("--help", null)]
    [TestCase("0123456789012345678901234567890123456789", null)]
    public async Task Finds_the_commit_that_a_name_stands_for(string name, string? expected)
    {
        var first = _workspace.Write("a.yaml", "one").Commit("one");
        _workspace.Git("tag", "light");
        _workspace.Git("tag", "-a", "annotated", "-m", "tag");
        var second = _workspace.Write("a.yaml", "two").Commit("two");

        var found = await Repository().ResolveAsync(name, default);

        Assert.That(found, Is.EqualTo(expected switch { "first" => first, "second" => second, _ => null }));
    }

    [Test]
    public async Task Tells_who_made_a_commit_when_and_what_for()
    {
        _workspace.SetEnvironment("GIT_COMMITTER_DATE", "2024-05-06T07:08:09+02:00");
        var commit = _workspace.Write("a.yaml", "one").Commit("What it is for\nin two lines\n\nand more");

        var told = await Repository().ReadCommitAsync(commit, default);

        Assert.That(told, Is.EqualTo(new GitCommit(commit, "Ann <ann@example.com>", DateTimeOffset.Parse("2024-05-06T07:08:09+02:00", null), "What it is for in two lines")));
    }

    [Test]
    public async Task A_name_of_any_length_is_cut_to_one_that_an_annotation_can_hold()
    {
        var first = _workspace.Write("a.yaml", "one").Commit("one");
        var name = new string('n', 254) + "\U0001F600" + new string('m', 20_000);
        _workspace.SetEnvironment("GIT_AUTHOR_NAME", name);
        var commit = _workspace.Write("a.yaml", "two").Commit(new string('s', 20_000));

        var read = await Repository().ReadCommitAsync(commit, default);
        var touches = await Repository().ReadTouchesAsync(commit, null, "", 10, default).ToListAsync();
        var touch = await Repository().ReadTouchesAsync(commit, first, "", 10, default).SingleAsync();

        var cut = new string('n', 254) + "…";
        Assert.That((read.Author, read.Subject.Length), Is.EqualTo((cut, 1024)));
        Assert.That((touches[0].Author, touch.Author), Is.EqualTo((cut, cut)));
    }

    [Test]
    public async Task Reads_on_when_git_packs_everything_anew_meanwhile()
    {
        for (var i = 0; i < 20; i++)
        {
            _workspace.Write($"{i}.yaml", $"number {i}");
        }

        var commit = _workspace.Commit();
        var repository = Repository();
        var ids = (await repository.ReadTreeAsync(commit, "", default)).Select(e => e.Id).ToList();
        var texts = new List<string>();
        await foreach (var blob in repository.ReadBlobsAsync(ids, 100, default))
        {
            texts.Add(Encoding.UTF8.GetString(blob.Content!));
            _workspace.Git("repack", "-a", "-d", "-q", "-f", "--depth=0");
            _workspace.Git("prune-packed", "-q");
        }

        Assert.That(texts, Is.EquivalentTo(Enumerable.Range(0, 20).Select(i => $"number {i}")));
    }

    [Test]
    public async Task Finds_what_a_fetch_brought_after_reading_began()
    {
        var first = _workspace.Write("a.yaml", "one").Commit();
        var repository = Repository();
        var later = _workspace.Shell("printf later | git hash-object --stdin");
        List<string> ids = [(await repository.ReadTreeAsync(first, "", default)).Single().Id, later];
        var texts = new List<string>();

        await foreach (var blob in repository.ReadBlobsAsync(ids, 100, default))
        {
            texts.Add(Encoding.UTF8.GetString(blob.Content!));
            _workspace.Write("later.txt", "later").Commit();
        }

        Assert.That(texts, Is.EqualTo(new[] { "one", "later" }));
    }

    [Test]
    public async Task A_file_that_is_missing_is_damage()
    {
        _workspace.Write("a.yaml", "one").Commit();
        const string none = "0123456789012345678901234567890123456789";

        var damaged = await FailsAsync(() => ReadAsync(Repository(), none));

        Assert.That(damaged.Failure, Is.EqualTo(GitFailure.Damaged));
        Assert.That(damaged.Message, Is.EqualTo($"git cat-file: object {none} is missing"));
    }

    [Test]
    public async Task A_folder_that_is_missing_is_damage_and_git_says_which()
    {
        var commit = _workspace.Write("folder/a.yaml", "one").Commit();
        var folder = _workspace.Git("rev-parse", "HEAD:folder");
        File.Delete(Path.Combine(_workspace.Folder, ".git", "objects", folder[..2], folder[2..]));

        var damaged = await FailsAsync(() => Repository().ReadTreeAsync(commit, "", default));

        Assert.That(damaged.Failure, Is.EqualTo(GitFailure.Damaged), damaged.Message);
        Assert.That(damaged.Message, Does.Contain(folder));
    }

    [Test]
    public async Task A_file_whose_bytes_are_spoilt_is_damage()
    {
        var commit = _workspace.Write("a.yaml", new string('x', 5000)).Commit();
        var blob = (await Repository().ReadTreeAsync(commit, "", default)).Single().Id;
        var path = Path.Combine(_workspace.Folder, ".git", "objects", blob[..2], blob[2..]);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        var bytes = File.ReadAllBytes(path);
        bytes.AsSpan(bytes.Length / 2).Fill(0xff);
        File.WriteAllBytes(path, bytes);

        var damaged = await FailsAsync(() => ReadAsync(Repository(), blob));

        Assert.That(damaged.Failure, Is.EqualTo(GitFailure.Damaged), damaged.Message);
        Assert.That(damaged.Message, Does.Contain(blob));
    }

    [Test]
    public async Task A_folder_that_is_no_repository_is_told_as_such()
    {
        var folder = Path.Combine(_workspace.Root, "none");
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "HEAD"), "ref: refs/heads/main\n");

        var failed = await FailsAsync(() => Repository(folder).ResolveAsync("HEAD", default));

        Assert.That(failed.Failure, Is.EqualTo(GitFailure.Damaged), failed.Message);
        Assert.That(failed.Message, Does.Contain("not a git repository"));
    }

    [TestCase("--filter=blob:none")]
    [TestCase("--filter=tree:0")]
    public async Task What_a_partial_clone_left_out_is_fetched_when_it_is_read(string filter)
    {
        var commit = _workspace.Write("folder/a.yaml", "one").Write("b.yaml", "two").Commit();
        _workspace.Git("config", "uploadpack.allowFilter", "true");
        _workspace.Git("config", "uploadpack.allowAnySHA1InWant", "true");
        var clone = Path.Combine(_workspace.Root, "clone.git");
        _workspace.Git("clone", "--quiet", "--bare", filter, "file://" + _workspace.Folder, clone);

        var entries = await Repository(clone).ReadTreeAsync(commit, "", default);
        var texts = await ReadAsync(Repository(clone), [.. entries.Select(e => e.Id)]);

        Assert.That(texts, Is.EqualTo(new[] { "two", "one" }));
    }

    [Test]
    public async Task What_another_repository_lends_is_read_there()
    {
        var commit = _workspace.Write("a.yaml", "one").Commit();
        var clone = Path.Combine(_workspace.Root, "clone.git");
        _workspace.Git("clone", "--quiet", "--bare", "--shared", _workspace.Folder, clone);

        var entries = await Repository(clone).ReadTreeAsync(commit, "", default);

        Assert.That(await ReadAsync(Repository(clone), entries.Single().Id), Is.EqualTo(new[] { "one" }));
    }

    [Test]
    public async Task A_shallow_clone_ends_where_it_was_cut()
    {
        var first = _workspace.Write("a.yaml", "one").Commit();
        var second = _workspace.Write("a.yaml", "two").Commit();
        var clone = Path.Combine(_workspace.Root, "clone.git");
        _workspace.Git("clone", "--quiet", "--bare", "--depth=1", "file://" + _workspace.Folder, clone);
        var repository = Repository(clone);

        Assert.That(await repository.ResolveAsync("HEAD", default), Is.EqualTo(second));
        Assert.That(await repository.ResolveAsync("HEAD^", default), Is.Null);
        Assert.That(await repository.IsAncestorAsync(first, second, default), Is.False);
        Assert.That(await repository.ReadTreeAsync(second, "", default), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_repository_of_another_user_is_read()
    {
        var commit = _workspace.Write("a.yaml", "one").Commit();
        if (Environment.UserName != "root")
        {
            Assert.Ignore("not run: only root can give a repository away");
        }

        _workspace.Run("chown", _workspace.Root, "-R", "65534:65534", _workspace.Folder);

        Assert.That(await Repository().ResolveAsync("main", default), Is.EqualTo(commit));
        Assert.That(await Repository().ReadTreeAsync(commit, "", default), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Nothing_that_a_repository_names_is_run_and_files_are_as_they_were_committed()
    {
        var proof = Path.Combine(_workspace.Root, "ran");
        var program = Path.Combine(_workspace.Root, "program");
        Script.Write(program, $"#!/bin/sh\ntouch {proof}\ncat\n");
        var commit = _workspace.Write(".gitattributes", "*.yaml filter=evil ident text eol=crlf\n").Write("a.yaml", "$Id$\n").Commit();
        foreach (var key in new[] { "filter.evil.smudge", "filter.evil.process", "core.fsmonitor", "core.sshCommand", "diff.external", "core.pager" })
        {
            _workspace.Git("config", key, program);
        }

        var entries = await Repository().ReadTreeAsync(commit, "", default);
        var texts = await ReadAsync(Repository(), [.. entries.Select(e => e.Id)]);
        var differences = await Repository().ReadDifferencesAsync(commit, commit, "", default);

        Assert.That(texts, Is.EqualTo(new[] { "*.yaml filter=evil ident text eol=crlf\n", "$Id$\n" }));
        Assert.That(differences, Is.Empty);
        Assert.That(File.Exists(proof), Is.False);
    }

    private GitRepository Repository(string? folder = null) => new(
        new GitOptions { CacheFolder = _workspace.Cache, AllowLocal = true }, folder ?? Path.Combine(_workspace.Folder, ".git"), TimeProvider.System);

    private static async Task<List<string>> ReadAsync(GitRepository repository, params string[] ids)
    {
        var texts = new List<string>();
        await foreach (var blob in repository.ReadBlobsAsync(ids, 1_000_000, default))
        {
            texts.Add(Encoding.UTF8.GetString(blob.Content!));
        }

        return texts;
    }

    private static async Task<GitException> FailsAsync(Func<Task> read)
    {
        try
        {
            await read();
        }
        catch (GitException e)
        {
            return e;
        }

        throw new AssertionException("nothing failed");
    }
}

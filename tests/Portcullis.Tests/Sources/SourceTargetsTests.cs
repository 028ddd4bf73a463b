using Portcullis.Clients.Git;
using Portcullis.Core.Sources;
using Portcullis.Sources.Fetch;
using Portcullis.Testing.Git;

namespace Portcullis.Tests.Sources;

/// <summary>Which tag a version range stands for, in repositories as people tag them.</summary>
internal sealed class SourceTargetsTests
{
    private GitWorkspace _git = null!;

    [SetUp]
    public void SetUp() => _git = new GitWorkspace();

    [TearDown]
    public void TearDown() => _git.Dispose();

    [TestCase("^1.0.0-0", "v1.3.0-alpha.10")]
    [TestCase("~1.2.0-0", "v1.2.0+build.10")]
    [TestCase(">=1.0.0 <2.0.0", "v1.2.0+build.10")]
    public async Task The_highest_version_counts_and_of_equal_ones_the_newer_commit(string range, string expected)
    {
        foreach (var tag in new[] { "v1.0.0", "v1.1.0", "v1.2.0+build.9", "v1.2.0+build.10", "v1.3.0-alpha.9", "v1.3.0-alpha.10", "v2.0.0-0" })
        {
            _git.Write("a.yaml", tag).Commit();
            _git.Git("tag", tag);
        }

        Assert.That((await FindAsync(range)).Display, Is.EqualTo(expected));
    }

    [Test]
    public async Task Of_equal_versions_on_two_branches_the_later_date_counts()
    {
        var start = _git.Write("a.yaml", "0").Commit();
        Tag("1.0.0+a", "2026-01-03T00:00:00Z");
        _git.Git("reset", "--hard", start);
        Tag("1.0.0+b", "2026-01-02T00:00:00Z");

        Assert.That((await FindAsync("1.x")).Display, Is.EqualTo("1.0.0+a"));
    }

    [Test]
    public async Task Annotated_tags_are_compared_by_the_commit_they_stand_for()
    {
        _git.Write("a.yaml", "1").Commit();
        var older = _git.Head;
        _git.Write("a.yaml", "2").Commit();
        _git.Git("tag", "-a", "-m", "new", "1.0.0+a");
        _git.Git("tag", "-a", "-m", "old", "1.0.0+b", older);

        Assert.That((await FindAsync("1.x")).Commit, Is.EqualTo(_git.Head));
    }

    [Test]
    public async Task What_has_moved_is_brought_here_and_stands_for_the_same_as_when_it_is_asked_for()
    {
        _git.Write("a.yaml", "1").Commit();
        _git.Git("tag", "-a", "-m", "one", "v1");
        foreach (var wanted in new[] { new GitReference(), new GitReference { Branch = "main" }, new GitReference { Tag = "v1" } })
        {
            using var state = new FetchState { Mirror = Mirror() };
            var fetched = await SourceTargets.FetchAsync(state, wanted, default);

            Assert.That(fetched, Is.EqualTo(await SourceTargets.FindAsync(Mirror(), wanted, default)));
            Assert.That(state.Fetched, Is.EqualTo(fetched.TagObject ?? _git.Head));
            Assert.That(await state.Mirror.Repository.ResolveAsync(_git.Head, default), Is.EqualTo(_git.Head));
        }

        using var nothing = new FetchState { Mirror = Mirror() };
        var missing = (await Assert.ThrowsAsync<GitException>(() => SourceTargets.FetchAsync(nothing, new GitReference { Branch = "next" }, default)))!;
        Assert.That(missing.Message, Is.EqualTo("there is no branch next in the repository; it has main"));
    }

    private void Tag(string name, string date)
    {
        _git.SetEnvironment("GIT_COMMITTER_DATE", date);
        _git.Write("a.yaml", name).Commit();
        _git.Git("tag", name);
    }

    private Task<SourceTarget> FindAsync(string range) => SourceTargets.FindAsync(Mirror(), new GitReference { Semver = range }, default);

    private GitMirror Mirror() => new(
        new GitOptions { CacheFolder = _git.Cache, AllowLocal = true }, new GitRemote(GitUrl.Parse(_git.Folder, allowLocal: true, out _)!) { Owner = "test" }, TimeProvider.System);
}

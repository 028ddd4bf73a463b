using Portcullis.Clients.Git;
using Portcullis.Testing.Faults;

namespace Portcullis.Clients.Tests.Git;

/// <summary>A cache that another user made before us: his git configuration and his keys would count.</summary>
internal sealed class CacheFoldersTests
{
    private const string Another = "65534";
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private string _cache = "";

    [SetUp]
    public void Make() => _cache = Path.Combine(Directory.CreateTempSubdirectory("git-cache-").FullName, "cache");

    [TearDown]
    public void Remove() => Directory.Delete(Path.GetDirectoryName(_cache)!, recursive: true);

    [TestCase("")]
    [TestCase("home")]
    [TestCase("keys")]
    [TestCase("mirrors")]
    public async Task A_folder_that_belongs_to_another_user_is_not_used(string folder)
    {
        var path = Path.Combine(_cache, folder);
        Directory.CreateDirectory(path);
        Assume.That(SmallDisk.Run("chown", Another, path), "only root gives files away");
        var e = (await Assert.CatchAsync<GitException>(FetchAsync))!;
        Assert.Multiple(() =>
        {
            Assert.That(e.Failure, Is.EqualTo(GitFailure.Disk));
            Assert.That(e.Message, Does.Contain($"belongs to uid {Another}"));
        });
    }

    [Test]
    public async Task A_link_to_a_folder_of_somebody_is_not_followed()
    {
        Directory.CreateDirectory(_cache);
        Directory.CreateSymbolicLink(Path.Combine(_cache, "home"), Path.GetTempPath());
        Assert.That((await Assert.CatchAsync<GitException>(FetchAsync))!.Message, Does.EndWith("home is not a folder: delete it, or choose another for the cache"));
    }

    [Test]
    public void A_folder_that_its_group_may_write_becomes_private()
    {
        Directory.CreateDirectory(Path.Combine(_cache, "home"));
        File.SetUnixFileMode(_cache, Private | UnixFileMode.GroupWrite | UnixFileMode.SetGroup);
        File.SetUnixFileMode(Path.Combine(_cache, "home"), Private | UnixFileMode.GroupWrite);
        CacheFolders.Prepare(_cache);
        Assert.That(new[] { "", "home", "keys", "mirrors" }.Select(f => File.GetUnixFileMode(Path.Combine(_cache, f))), Is.All.EqualTo(Private));
    }

    private Task FetchAsync() => new GitMirror(
        new GitOptions { CacheFolder = _cache, AllowLocal = true }, new GitRemote(GitUrl.Parse("/nowhere", true, out _)!), TimeProvider.System).FetchAsync("refs/heads/main", CancellationToken.None);
}

using Portcullis.Clients.Git;
using Portcullis.Testing.Git;

namespace Portcullis.Clients.Tests.Git;

/// <summary>Over ssh, against a real sshd.</summary>
[TestFixture]
internal sealed class GitSshTests
{
    private GitWorkspace _workspace = null!;
    private SshServer _server = null!;

    [SetUp]
    public async Task SetUp()
    {
        if (!SshServer.IsInstalled)
        {
            Assert.Ignore("not run: there is no sshd here (apt-get install openssh-server)");
        }

        _workspace = new GitWorkspace();
        _workspace.Write("a.yaml", "one").Commit();
        _server = await SshServer.StartAsync(_workspace);
    }

    [TearDown]
    public void TearDown()
    {
        _server?.Dispose();
        _workspace?.Dispose();
    }

    [Test]
    public async Task Fetches_with_the_key_from_the_known_host()
    {
        var mirror = Mirror(_server.Identity, _server.KnownHosts);

        Assert.That((await mirror.ListAsync("refs/heads/main", default)).Single().Commit, Is.EqualTo(_workspace.Head));
        Assert.That(await mirror.FetchedAsync("refs/heads/main"), Is.EqualTo(_workspace.Head));
    }

    [Test]
    public async Task A_server_that_shows_another_host_key_is_refused()
    {
        var refused = await RefusedAsync(_server.Identity, _server.Stranger);

        Assert.That(refused.Failure, Is.EqualTo(GitFailure.Denied));
        Assert.That(
            refused.Message,
            Does.Match("^git ls-remote: Host key verification failed: the server shows the key SHA256:\\S+, which is not the one in known_hosts$"));
    }

    [Test]
    public async Task A_server_that_known_hosts_does_not_name_is_refused()
    {
        var refused = await RefusedAsync(_server.Identity, _server.KnownHosts.Replace("127.0.0.1", "127.0.0.2", StringComparison.Ordinal));

        Assert.That(refused.Failure, Is.EqualTo(GitFailure.Denied));
        Assert.That(refused.Message, Does.Contain("known_hosts does not name the server").And.Contain(_server.Host.Split(':')[1]));
    }

    [Test]
    public async Task Without_known_hosts_or_key_nothing_of_the_machine_is_used_instead()
    {
        var none = (await Assert.ThrowsAsync<GitException>(() => Mirror(null).ListAsync("refs/heads/main", default)))!;

        Assert.That((await RefusedAsync(_server.Identity, " \n")).Message, Does.Contain("ssh needs a private key and the server's host keys (known_hosts)"));
        Assert.That(none.Failure, Is.EqualTo(GitFailure.Denied));
    }

    [Test]
    public async Task A_key_that_the_server_does_not_know_is_told_as_denied_and_not_told()
    {
        var refused = await RefusedAsync(_server.StrangersIdentity, _server.KnownHosts);

        Assert.That(refused.Failure, Is.EqualTo(GitFailure.Denied));
        Assert.That(refused.Message, Does.Contain("Permission denied (publickey)"));
        Assert.That(refused.ToString(), Does.Not.Contain(_server.StrangersIdentity.Split('\n')[1]));
    }

    [Test]
    public async Task A_repository_that_is_not_there_is_told()
    {
        var missing = (await Assert.ThrowsAsync<GitException>(
            () => Mirror(new GitCredentials.Ssh(_server.Identity, _server.KnownHosts), "/nowhere/at/all").ListAsync("refs/heads/main", default)))!;

        Assert.That(missing.Failure, Is.EqualTo(GitFailure.NoRepository), missing.Message);
    }

    private async Task<GitException> RefusedAsync(string identity, string hosts) =>
        (await Assert.ThrowsAsync<GitException>(() => Mirror(identity, hosts).ListAsync("refs/heads/main", default)))!;

    private GitMirror Mirror(string identity, string hosts) => Mirror(new GitCredentials.Ssh(identity, hosts));

    private GitMirror Mirror(GitCredentials? credentials, string? repository = null) => new(
        new GitOptions { CacheFolder = _workspace.Cache },
        new GitRemote(GitUrl.Parse(_server.AddressOf(repository ?? _workspace.Folder), false, out _)!) { Credentials = credentials, Timeout = TimeSpan.FromSeconds(30) },
        TimeProvider.System);
}

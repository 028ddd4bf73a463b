using System.Diagnostics;
using System.Globalization;
using Portcullis.Clients.Git;
using Portcullis.Testing;
using Portcullis.Testing.Git;

namespace Portcullis.Clients.Tests.Git;

/// <summary>Connections that several commands share, against a real sshd.</summary>
[TestFixture]
internal sealed class SshConnectionsTests
{
    private readonly ManualTimeProvider _time = new();
    private GitWorkspace _workspace = null!;
    private SshServer _server = null!;
    private SshConnections _connections = null!;

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
        _connections = new SshConnections(new GitOptions { CacheFolder = _workspace.Cache }, _time);
    }

    [TearDown]
    public void TearDown()
    {
        _connections?.Dispose();
        _server?.Dispose();
        _workspace?.Dispose();
    }

    [Test]
    public async Task One_connection_serves_every_command_and_lies_in_a_folder_of_ours_alone()
    {
        var mirror = Mirror("one", Known());
        for (var i = 0; i < 3; i++)
        {
            Assert.That((await mirror.ListAsync("refs/heads/main", default)).Single().Commit, Is.EqualTo(_workspace.Head));
            Assert.That(await mirror.FetchedAsync("refs/heads/main"), Is.EqualTo(_workspace.Head));
            _workspace.Write("a.yaml", $"{i}").Commit();
        }

        Assert.That(_server.Logins, Is.EqualTo(1));
        var folder = Path.GetDirectoryName(SocketOf(Masters().Single()))!;
        Assert.That(File.GetUnixFileMode(folder), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute));
    }

    [Test]
    public async Task Ends_with_its_owner_and_leaves_no_process_and_no_file()
    {
        await Mirror("one", Known()).ListAsync("refs/heads/main", default);
        var folder = Path.GetDirectoryName(SocketOf(Masters().Single()))!;

        _connections.Dispose();

        await Eventually.HoldsAsync(() => Masters().Count == 0);
        Assert.That(Directory.Exists(folder), Is.False);
        await Mirror("one", Known()).ListAsync("refs/heads/main", default);
        Assert.That(Masters(), Is.Empty, "nothing is kept any more");
    }

    [Test]
    public async Task A_connection_that_nobody_uses_ends()
    {
        await Mirror("one", Known()).ListAsync("refs/heads/main", default);

        _time.Advance(TimeSpan.FromMinutes(14));
        await Mirror("one", Known()).ListAsync("refs/heads/main", default);
        _time.Advance(TimeSpan.FromMinutes(14));
        Assert.That(Masters(), Has.Count.EqualTo(1));

        _time.Advance(TimeSpan.FromMinutes(1));
        await Eventually.HoldsAsync(() => Masters().Count == 0);
    }

    [Test]
    public async Task The_connection_of_a_source_that_is_gone_ends()
    {
        var mirror = Mirror("one", Known());
        var other = Mirror("two", Known());
        await mirror.ListAsync("refs/heads/main", default);
        await other.ListAsync("refs/heads/main", default);

        mirror.Discard();
        Assert.That(Masters(), Has.Count.EqualTo(1), "two of the same key share it");

        other.Discard();
        await Eventually.HoldsAsync(() => Masters().Count == 0);
        Assert.That(_server.Logins, Is.EqualTo(1));
    }

    [TestCase("KILL")]
    [TestCase("STOP")]
    public async Task A_connection_that_died_or_hangs_is_replaced(string signal)
    {
        var mirror = Mirror("one", Known());
        await mirror.ListAsync("refs/heads/main", default);
        var master = Masters().Single();
        _workspace.Run("kill", _workspace.Root, $"-{signal}", master.ToString(CultureInfo.InvariantCulture));

        var listed = mirror.ListAsync("refs/heads/main", default);
        await Eventually.HoldsAsync(() =>
        {
            _time.Advance(TimeSpan.FromMilliseconds(200)); // until the command that waits for a hanging connection is given up, and slower than a busy machine opens another
            return listed.IsCompleted;
        });

        Assert.That((await listed).Single().Commit, Is.EqualTo(_workspace.Head));
        await mirror.ListAsync("refs/heads/main", default);
        await mirror.ListAsync("refs/heads/main", default);
        Assert.That(_server.Logins, Is.LessThanOrEqualTo(3));
        await Eventually.HoldsAsync(() => Masters() is [var other] && other != master);
    }

    [Test]
    public async Task Another_key_has_another_connection_although_the_first_is_open()
    {
        await Mirror("one", Known()).ListAsync("refs/heads/main", default);

        var refused = (await Assert.ThrowsAsync<GitException>(
            () => Mirror("two", new GitCredentials.Ssh(_server.StrangersIdentity, _server.KnownHosts)).ListAsync("refs/heads/main", default)))!;

        Assert.That(refused.Failure, Is.EqualTo(GitFailure.Denied));
        Assert.That(Masters(), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_changed_key_or_known_hosts_counts_at_once_and_ends_the_connection_of_before()
    {
        foreach (var changed in new[] { new GitCredentials.Ssh(_server.StrangersIdentity, _server.KnownHosts), new GitCredentials.Ssh(_server.Identity, _server.Stranger) })
        {
            await Mirror("one", Known()).ListAsync("refs/heads/main", default);
            Assert.That(Masters(), Has.Count.EqualTo(1));

            var refused = (await Assert.ThrowsAsync<GitException>(() => Mirror("one", changed).ListAsync("refs/heads/main", default)))!;

            Assert.That(refused.Failure, Is.EqualTo(GitFailure.Denied), refused.Message);
            await Eventually.HoldsAsync(() => Masters().Count == 0);
        }
    }

    [Test]
    public async Task A_repository_that_is_not_there_is_told_as_ever()
    {
        var missing = (await Assert.ThrowsAsync<GitException>(() => Mirror("one", Known(), "/nowhere/at/all").ListAsync("refs/heads/main", default)))!;

        Assert.That(missing.Failure, Is.EqualTo(GitFailure.NoRepository), missing.Message);
    }

    private GitCredentials.Ssh Known() => new(_server.Identity, _server.KnownHosts);

    private GitMirror Mirror(string owner, GitCredentials credentials, string? repository = null) => new(
        new GitOptions { CacheFolder = _workspace.Cache },
        new GitRemote(GitUrl.Parse(_server.AddressOf(repository ?? _workspace.Folder), false, out _)!) { Owner = owner, Credentials = credentials, Timeout = TimeSpan.FromSeconds(30) },
        _time,
        _connections);

    /// <summary>The ssh processes that keep a connection to this server.</summary>
    private List<int> Masters() =>
    [
        .. Process.GetProcessesByName("ssh").Where(p => !p.HasExited).Select(p => p.Id).Where(id => Arguments(id) is var all && all.Contains("ControlMaster=yes") && all[^1].EndsWith(_server.Host, StringComparison.Ordinal)),
    ];

    private static string SocketOf(int master) => Arguments(master).Single(a => a.StartsWith("ControlPath=", StringComparison.Ordinal))["ControlPath=".Length..];

    private static string[] Arguments(int process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process.ToString(CultureInfo.InvariantCulture)}/cmdline").Split('\0', StringSplitOptions.RemoveEmptyEntries) is { Length: > 0 } all ? all : [""];
        }
        catch (IOException)
        {
            return [""];
        }
    }
}

using System.Net.Sockets;
using System.Text;
using Portcullis.Agent.Daemon;
using Portcullis.Agent.Files;
using Portcullis.Core.Hardening;
using Portcullis.Testing.Faults;

namespace Portcullis.Tests.Agent;

/// <summary>A file that administrators edit while the agent is about to write it.</summary>
internal sealed class DaemonFileOnDiskTests
{
    private string _folder = "";

    private string File => Path.Combine(_folder, "daemon.json");

    [SetUp]
    public void Make() => _folder = Directory.CreateTempSubdirectory("daemon-file-").FullName;

    [TearDown]
    public void Remove() => Directory.Delete(_folder, recursive: true);

    [TestCase("{\"mtu\": 1400}", "{\"mtu\": 1300}")]
    [TestCase("{\"mtu\": 1400}", null)]
    [TestCase(null, "{\"mtu\": 1300}")]
    [TestCase("", "{\"mtu\": 13")]
    public void An_edit_since_the_file_was_read_is_not_overwritten(string? before, string? after)
    {
        Put(before);
        var seen = DaemonFileOnDisk.Read(File);
        Put(after);
        Assert.Multiple(() =>
        {
            Assert.That(DaemonFileOnDisk.Replace(File, "{}"u8, seen), Is.False);
            Assert.That(System.IO.File.Exists(File) ? System.IO.File.ReadAllText(File) : null, Is.EqualTo(after));
            Assert.That(Directory.GetFiles(_folder), Has.Length.EqualTo(after is null ? 0 : 1), "nothing half-written is left");
        });
    }

    [TestCase("{\"mtu\": 1400}")]
    [TestCase(null)]
    public void A_file_that_is_as_it_was_read_is_replaced(string? content)
    {
        Put(content);
        var seen = DaemonFileOnDisk.Read(File);
        Put(content);
        Assert.That(DaemonFileOnDisk.Replace(File, "{}"u8, seen));
        Assert.That(System.IO.File.ReadAllText(File), Is.EqualTo("{}"));
    }

    /// <summary>Somebody who may write into the folder changes what is there all the time, between any two looks at it.</summary>
    [Test]
    [CancelAfter(60_000)]
    public async Task Neither_a_link_nor_a_pipe_put_there_meanwhile_is_read(CancellationToken cancellationToken)
    {
        const int reads = 20_000;
        var (secret, link, pipe, plain) = (Path.Combine(_folder, "secret"), Path.Combine(_folder, "link"), Path.Combine(_folder, "pipe"), Path.Combine(_folder, "plain"));
        System.IO.File.WriteAllText(secret, "{\"secret\": true}");
        System.IO.File.WriteAllText(plain, "{}");
        System.IO.File.CreateSymbolicLink(link, secret);
        Assert.That(SmallDisk.Run("mkfifo", pipe));
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var swapping = Task.Run(() => Swap([plain, link, pipe], end.Token), CancellationToken.None);
        var reading = Task.Run(() => Enumerable.Range(0, reads).Count(_ => Encoding.UTF8.GetString(DaemonFileOnDisk.Read(File).Bytes).Contains("secret", StringComparison.Ordinal)), CancellationToken.None);
        try
        {
            Assert.That(await reading.WaitAsync(cancellationToken), Is.Zero);
        }
        finally
        {
            await end.CancelAsync();
            await swapping;
        }
    }

    /// <summary>What somebody put there leads to a file of root's, which must not be written through it.</summary>
    [Test]
    public void Nothing_is_written_through_a_link_under_a_name_that_can_be_guessed()
    {
        var (target, temporary) = (Path.Combine(_folder, "target"), Path.Combine(_folder, $".daemon.json{AtomicFile.TemporarySuffix}"));
        System.IO.File.WriteAllText(target, "{}");
        Assert.That(SmallDisk.Run("ln", target, File) && SmallDisk.Run("ln", "-s", target, temporary));
        Assert.That(DaemonFileOnDisk.Replace(File, "{\"mtu\": 1400}"u8, DaemonFileOnDisk.Read(File)));
        Assert.Multiple(() =>
        {
            Assert.That(System.IO.File.ReadAllText(target), Is.EqualTo("{}"));
            Assert.That(System.IO.File.ReadAllText(File), Is.EqualTo("{\"mtu\": 1400}"));
            Assert.That(new FileInfo(File).LinkTarget, Is.Null);
            Assert.That(Path.Exists(temporary), Is.False);
        });
    }

    [Test]
    public void A_socket_and_a_device_are_told_and_not_read()
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(File));
        Assert.Multiple(() =>
        {
            Assert.That(DaemonFileOnDisk.Read(File).File, Is.EqualTo(new DaemonFile.Untouchable("is not a regular file: replace it with one")));
            Assert.That(DaemonFileOnDisk.Read("/dev/zero").File, Is.EqualTo(new DaemonFile.Untouchable("is not a regular file: replace it with one")));
            Assert.That(DaemonFileOnDisk.Read(_folder).File, Is.EqualTo(new DaemonFile.Untouchable("is a folder: replace it with a regular file")));
        });
    }

    /// <summary>Renames one after the other to daemon.json, and back.</summary>
    private void Swap(IReadOnlyList<string> others, CancellationToken cancellationToken)
    {
        for (var i = 0; !cancellationToken.IsCancellationRequested; i++)
        {
            var one = others[i % others.Count];
            System.IO.File.Move(one, File, overwrite: true);
            System.IO.File.Move(File, one, overwrite: true);
        }
    }

    private void Put(string? content)
    {
        System.IO.File.Delete(File);
        if (content is not null)
        {
            System.IO.File.WriteAllText(File, content);
        }
    }
}

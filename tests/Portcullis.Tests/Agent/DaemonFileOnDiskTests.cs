using Portcullis.Agent.Daemon;

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

    private void Put(string? content)
    {
        System.IO.File.Delete(File);
        if (content is not null)
        {
            System.IO.File.WriteAllText(File, content);
        }
    }
}

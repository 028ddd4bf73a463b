using Portcullis.Agent.Files;
using Portcullis.Errors;

namespace Portcullis.Tests.Agent;

/// <summary>Who may read and write what the agent keeps.</summary>
internal sealed class AgentFolderTests
{
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode Readable = Owner | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    private string _path = "";

    [SetUp]
    public void Make() => _path = Directory.CreateTempSubdirectory("agent-folder-").FullName;

    [TearDown]
    public void Remove() => Directory.Delete(_path, recursive: true);

    [Test]
    public void A_folder_that_a_kubelet_made_for_all_to_read_becomes_the_agents_alone()
    {
        File.SetUnixFileMode(_path, Readable);
        _ = new AgentFolder(_path);
        Assert.That(File.GetUnixFileMode(_path), Is.EqualTo(Owner));
    }

    [Test]
    public void What_is_written_can_be_read_by_its_owner_alone_whatever_was_there()
    {
        var folder = new AgentFolder(_path);
        File.WriteAllText(folder.PathOf("state.json"), "{}");
        File.SetUnixFileMode(folder.PathOf("state.json"), UnixFileMode.UserRead | UnixFileMode.OtherRead);
        folder.Write("state.json", "{}"u8);
        Assert.Multiple(() =>
        {
            Assert.That(File.GetUnixFileMode(folder.PathOf("state.json")), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
            Assert.That(File.GetUnixFileMode(folder.WriteTemporary("candidate", "{}"u8)), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
        });
    }

    [Test]
    public void A_folder_that_is_not_the_agents_alone_is_refused()
    {
        File.WriteAllText(Path.Combine(_path, "daemon.json.previous"), "{}");
        File.SetUnixFileMode(_path, Readable | UnixFileMode.OtherWrite);
        Assert.That(() => new AgentFolder(_path), Throws.TypeOf<CommandException>().With.Message.StartsWith($"--state: others may write into the folder {_path}"));
    }
}

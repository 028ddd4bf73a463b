using Portcullis.Errors;
using Portcullis.Up;

namespace Portcullis.Tests.Up;

[TestFixture]
internal sealed class StateFolderTests
{
    private string _parent = "";

    [SetUp]
    public void MakeParent() => _parent = Directory.CreateTempSubdirectory("pc-state-").FullName;

    [TearDown]
    public void RemoveParent() => Directory.Delete(_parent, recursive: true);

    [Test]
    public void Only_its_owner_may_look_into_it()
    {
        var path = Path.Combine(_parent, "s");
        Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.OtherRead);
        using var state = StateFolder.Open(path);
        const UnixFileMode owner = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        Assert.That(File.GetUnixFileMode(path), Is.EqualTo(owner));
        Assert.That(File.GetUnixFileMode(state.Folder("engine")), Is.EqualTo(owner));
    }

    /// <summary>Keys and tokens are in it.</summary>
    [Test]
    public void What_others_could_write_into_is_refused()
    {
        File.WriteAllText(Path.Combine(_parent, "tokens.json"), "{}");
        File.SetUnixFileMode(_parent, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute);
        Assert.That(() => StateFolder.Open(_parent), Throws.TypeOf<CommandException>().With.Message.StartsWith($"--state: others may write into the folder {_parent}"));
    }

    [Test]
    public void A_second_run_on_the_same_folder_is_refused_until_the_first_ends()
    {
        var path = Path.Combine(_parent, "s");
        using (StateFolder.Open(path))
        {
            Assert.That(() => StateFolder.Open(path), Throws.TypeOf<CommandException>().With.Message.Contains("another portcullis up is using"));
        }

        Assert.That(() => StateFolder.Open(path).Dispose(), Throws.Nothing);
    }

    [Test]
    public void A_path_too_long_for_a_socket_is_refused_with_what_to_do() =>
        Assert.That(
            () => StateFolder.Open(Path.Combine(_parent, new string('x', 80))),
            Throws.TypeOf<CommandException>().With.Message.Contains("choose a shorter --state"));

    [Test]
    public void A_component_keeps_its_port()
    {
        using var state = StateFolder.Open(Path.Combine(_parent, "s"));
        Assert.That(state.Port("registry"), Is.EqualTo(state.Port("registry")));
    }
}

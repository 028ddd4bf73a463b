using System.Diagnostics;
using Portcullis.Http.Machine;

namespace Portcullis.Http.Tests.Machine;

/// <summary>Who made a folder before us, and what he may do with it.</summary>
internal sealed class PrivateFolderTests
{
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode Readable = Owner | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    private readonly string _path = Directory.CreateTempSubdirectory("private-folder-").FullName;

    [TearDown]
    public void Remove() => Directory.Delete(_path, recursive: true);

    [TestCase(Readable)]
    [TestCase(Readable | UnixFileMode.OtherWrite)]
    [TestCase(Owner | UnixFileMode.GroupWrite | UnixFileMode.SetGroup)]
    public void An_empty_one_becomes_this_users_alone(UnixFileMode mode)
    {
        File.SetUnixFileMode(_path, mode);
        Assert.That(PrivateFolder.Claim(_path), Is.Null);
        Assert.That(File.GetUnixFileMode(_path), Is.EqualTo(Owner));
    }

    [Test]
    public void One_that_is_not_there_is_made()
    {
        var path = Path.Combine(_path, "a", "b");
        Assert.That(PrivateFolder.Claim(path), Is.Null);
        Assert.That(File.GetUnixFileMode(path), Is.EqualTo(Owner));
    }

    [TestCase(UnixFileMode.OtherWrite)]
    [TestCase(UnixFileMode.GroupWrite)]
    public void What_others_may_have_put_into_one_is_not_trusted(UnixFileMode others)
    {
        File.WriteAllText(Path.Combine(_path, "state.json"), "{}");
        File.SetUnixFileMode(_path, Readable | others);
        Assert.That(PrivateFolder.Claim(_path), Does.StartWith($"others may write into the folder {_path}").And.EndsWith("delete it, or choose another"));
    }

    [Test]
    public void What_its_owner_alone_could_put_into_one_is()
    {
        File.WriteAllText(Path.Combine(_path, "state.json"), "{}");
        File.SetUnixFileMode(_path, Readable);
        Assert.That(PrivateFolder.Claim(_path), Is.Null);
    }

    [TestCase(false)]
    [TestCase(true)]
    public void One_of_another_user_is_refused(bool isLinked)
    {
        Assume.That(UserId.Own, Is.Zero, "only root gives files away");
        var other = Directory.CreateDirectory(Path.Combine(_path, "other")).FullName;
        using (var chown = Process.Start("/bin/chown", ["65534", other]))
        {
            chown.WaitForExit();
        }

        var path = isLinked ? Directory.CreateSymbolicLink(Path.Combine(_path, "link"), other).FullName : other;
        Assert.That(PrivateFolder.Claim(path), Does.StartWith($"the folder {path} belongs to uid 65534"));
    }
}

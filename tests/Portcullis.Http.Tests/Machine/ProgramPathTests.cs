using Portcullis.Http.Machine;

namespace Portcullis.Http.Tests.Machine;

/// <summary>Which file is started under a name.</summary>
[NonParallelizable]
internal sealed class ProgramPathTests
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("program-path-");
    private readonly string _working = Directory.GetCurrentDirectory();
    private readonly string? _path = Environment.GetEnvironmentVariable("PATH");

    [TearDown]
    public void Restore()
    {
        Directory.SetCurrentDirectory(_working);
        Environment.SetEnvironmentVariable("PATH", _path);
        _folder.Delete(recursive: true);
    }

    [TestCase("/usr/bin:/bin", "/usr/bin/env")]
    [TestCase(".:/usr/bin", "/usr/bin/env")]
    [TestCase(":/usr/bin", "/usr/bin/env")]
    [TestCase(".", null)]
    [TestCase("", null)]
    public void A_program_in_the_working_folder_is_not_taken_for_an_installed_one(string path, string? expected)
    {
        Place("env", UnixFileMode.UserRead | UnixFileMode.UserExecute);
        Directory.SetCurrentDirectory(_folder.FullName);
        Environment.SetEnvironmentVariable("PATH", path);
        Assert.That(ProgramPath.Find("env"), Is.EqualTo(expected));
    }

    [Test]
    public void What_cannot_be_executed_is_passed_over()
    {
        Place("env", UnixFileMode.UserRead);
        Environment.SetEnvironmentVariable("PATH", $"{_folder.FullName}:/usr/bin");
        Assert.That(ProgramPath.Find("env"), Is.EqualTo("/usr/bin/env"));
    }

    [Test]
    public void Further_folders_come_after_those_of_PATH()
    {
        Place("portcullis-test-program", UnixFileMode.UserExecute);
        Assert.That(ProgramPath.Find("portcullis-test-program"), Is.Null);
        Assert.That(ProgramPath.Find("portcullis-test-program", _folder.FullName), Is.EqualTo(Path.Combine(_folder.FullName, "portcullis-test-program")));
    }

    [Test]
    public void A_path_is_taken_as_it_is()
    {
        Assert.That(ProgramPath.Find("/nowhere/program"), Is.EqualTo("/nowhere/program"));
        Assert.That(ProgramPath.Find("./program"), Is.EqualTo(Path.Combine(_working, "program")));
    }

    private void Place(string name, UnixFileMode mode)
    {
        var path = Path.Combine(_folder.FullName, name);
        File.WriteAllText(path, "#!/bin/sh\n");
        File.SetUnixFileMode(path, mode);
    }
}

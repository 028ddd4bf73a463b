using System.ComponentModel;
using Portcullis.Agent.Engine;

namespace Portcullis.Tests.Agent;

/// <summary>Which programs the agent starts.</summary>
[NonParallelizable]
internal sealed class HostCommandTests
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("host-command-");
    private readonly string _working = Directory.GetCurrentDirectory();

    [TearDown]
    public void Restore()
    {
        Directory.SetCurrentDirectory(_working);
        _folder.Delete(recursive: true);
    }

    [Test]
    public void A_program_that_somebody_put_into_the_working_folder_is_not_started()
    {
        const string name = "portcullis-systemctl";
        var planted = Path.Combine(_folder.FullName, name);
        File.WriteAllText(planted, $"#!/bin/sh\ntouch '{planted}-ran'\n");
        File.SetUnixFileMode(planted, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        Directory.SetCurrentDirectory(_folder.FullName);
        Assert.Multiple(() =>
        {
            Assert.That(() => HostCommand.RunAsync(name, [], TimeSpan.FromSeconds(20), CancellationToken.None), Throws.TypeOf<Win32Exception>());
            Assert.That(File.Exists($"{planted}-ran"), Is.False);
        });
    }
}

using System.Diagnostics;
using System.Globalization;
using Portcullis.Agent.Engine;
using Portcullis.Testing;

namespace Portcullis.Tests.Agent;

/// <summary>Which process counts as the engine of the node: its program is run by the agent, with the arguments of the process.</summary>
internal sealed class RunningEngineTests
{
    private string _folder = "";

    [SetUp]
    public void Make() => _folder = Directory.CreateTempSubdirectory("running-engine-").FullName;

    [TearDown]
    public void Remove() => Directory.Delete(_folder, recursive: true);

    [TestCase("", true)]
    [TestCase("setpriv --reuid=65534 --clear-groups", false)]
    [TestCase("setpriv --ruid=65534", false, Description = "as a program with the set-user-ID bit that another user started")]
    public async Task A_process_that_another_user_started_is_no_engine(string starter, bool isEngine)
    {
        Assume.That(starter.Length == 0 || Environment.UserName == "root", "only root starts processes of others");
        var pidFile = Path.Combine(_folder, "docker.pid");
        using var process = Process.Start(new ProcessStartInfo("/bin/bash", ["-c", $"exec {starter} /bin/bash -c 'exec -a dockerd sleep 300'"]) { WorkingDirectory = "/" })!;
        try
        {
            await File.WriteAllTextAsync(pidFile, process.Id.ToString(CultureInfo.InvariantCulture));
            var commandLine = $"/proc/{process.Id}/cmdline";
            await Eventually.HoldsAsync(() => File.ReadAllText(commandLine).StartsWith("dockerd", StringComparison.Ordinal));
            Assert.That(RunningEngine.Find(pidFile, TimeProvider.System), isEngine ? Is.Not.Null : Is.Null);
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync();
        }
    }

    [Test]
    public void A_pipe_in_the_place_of_the_pid_file_blocks_nobody()
    {
        var pipe = Path.Combine(_folder, "docker.pid");
        using var made = Process.Start("/usr/bin/mkfifo", pipe);
        made.WaitForExit();
        Assert.That(Task.Run(() => RunningEngine.Find(pipe, TimeProvider.System)).Wait(TimeSpan.FromSeconds(20)));
    }
}

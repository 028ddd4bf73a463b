using Portcullis.Agent.Files;
using Portcullis.Testing;

namespace Portcullis.Tests.Agent;

/// <summary>Who writes into a folder. Alone in its process: it counts threads.</summary>
[NonParallelizable]
internal sealed class FileWritersTests
{
    private string _folder = "";

    [SetUp]
    public void SetUp() => _folder = Directory.CreateTempSubdirectory("portcullis-writers-").FullName;

    [TearDown]
    public void TearDown() => Directory.Delete(_folder, recursive: true);

    [Test]
    public async Task Whoever_stops_listening_leaves_nobody_behind_who_reads_from_a_descriptor_that_is_another_files_by_now()
    {
        using (var writers = new FileWriters(_folder))
        {
            Assume.That(writers.IsListening, "the right to listen (root)");
            await Eventually.HoldsAsync(() => Listeners() == 1);
        }

        Assert.That(Listeners(), Is.Zero);
    }

    [Test]
    public void Stopping_while_others_write_ends()
    {
        var file = Path.Combine(_folder, "daemon.json");
        using var writing = System.Diagnostics.Process.Start("/bin/sh", ["-c", $"while :; do echo >> {file}; done"]);
        try
        {
            for (var i = 0; i < 100; i++)
            {
                using var writers = new FileWriters(_folder);
                Assume.That(writers.IsListening, "the right to listen (root)");
            }

            Assert.That(Listeners(), Is.Zero);
        }
        finally
        {
            writing.Kill();
            writing.WaitForExit();
        }
    }

    private static int Listeners() => Directory.GetDirectories("/proc/self/task").Count(t => NameOf(t) == "fanotify");

    private static string NameOf(string thread)
    {
        try
        {
            return File.ReadAllText(Path.Combine(thread, "comm")).Trim();
        }
        catch (IOException)
        {
            return ""; // it ended in between
        }
    }
}

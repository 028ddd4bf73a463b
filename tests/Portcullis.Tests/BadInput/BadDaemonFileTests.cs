using System.Text.Json.Nodes;
using Portcullis.Core.Hardening;
using Portcullis.Testing.Faults;
using Portcullis.Tests.Agent;

namespace Portcullis.Tests.BadInput;

/// <summary>A daemon.json, or the disk under it, that cannot be worked with: told in the NodeReport, and taken up again by itself.</summary>
internal sealed class BadDaemonFileTests
{
    [Test]
    public async Task A_pipe_in_its_place_is_told_and_nobody_waits_for_it()
    {
        await using var agent = await HardenedAsync();
        File.Delete(agent.Engine.DaemonJson);
        Assert.That(SmallDisk.Run("mkfifo", agent.Engine.DaemonJson));
        await agent.UntilStateAsync("baseline", HardeningState.Refused);
        Assert.That(agent.Cluster.Of("baseline")!.Message, Is.EqualTo("daemon.json is not a regular file: replace it with one"));
        File.Delete(agent.Engine.DaemonJson);
        await agent.UntilStateAsync("baseline", HardeningState.InForce);
    }

    [Test]
    public async Task A_file_that_cannot_be_read_is_told()
    {
        await using var agent = await HardenedAsync();
        await agent.StopAgentAsync();
        if (!SmallDisk.Run("mount", "--bind", "/proc/self/mem", agent.Engine.DaemonJson))
        {
            Assert.Ignore("not run: this test may not mount");
        }

        try
        {
            await agent.StartAgentAsync();
            await agent.UntilStateAsync("baseline", HardeningState.Refused);
            Assert.That(agent.Cluster.Of("baseline")!.Message, Does.StartWith("daemon.json cannot be read: "));
            Assert.That(agent.Cluster.Report!.File!.Problem, Does.StartWith("cannot be read: "));
        }
        finally
        {
            SmallDisk.Run("umount", "-l", agent.Engine.DaemonJson);
        }

        await agent.UntilStateAsync("baseline", HardeningState.InForce);
    }

    [Test]
    public async Task A_disk_without_room_is_told_and_what_is_in_force_stays()
    {
        await using var agent = await HardenedAsync();
        await agent.StopAgentAsync();
        var content = await File.ReadAllTextAsync(agent.Engine.DaemonJson);
        using var disk = SmallDisk.Mount(Path.GetDirectoryName(agent.Engine.DaemonJson)!, 64);
        if (disk is null)
        {
            Assert.Ignore("not run: this test may not mount a small disk");
            return;
        }

        await File.WriteAllTextAsync(agent.Engine.DaemonJson, content);
        disk.Fill();
        await agent.StartAgentAsync();
        agent.Cluster.Ask("baseline", new JsonObject { ["debug"] = true, ["shutdown-timeout"] = 31 });
        await agent.UntilStateAsync("baseline", HardeningState.Refused);
        Assert.Multiple(() =>
        {
            Assert.That(agent.Cluster.Of("baseline")!.Message, Does.StartWith("daemon.json cannot be written: No space left on device"));
            Assert.That(File.ReadAllText(agent.Engine.DaemonJson), Is.EqualTo(content));
        });
        disk.Empty();
        agent.Cluster.Ask("baseline", new JsonObject { ["debug"] = true, ["shutdown-timeout"] = 31 });
        await agent.UntilStateAsync("baseline", HardeningState.InForce);
        await agent.StopAgentAsync();
    }

    private static async Task<RunningAgent> HardenedAsync()
    {
        var agent = await RunningAgent.StartAsync("{}");
        agent.Cluster.Ask("baseline", new JsonObject { ["debug"] = true });
        await agent.UntilStateAsync("baseline", HardeningState.InForce);
        return agent;
    }
}

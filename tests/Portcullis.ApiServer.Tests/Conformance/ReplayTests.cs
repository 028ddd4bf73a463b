using System.Text.Json.Nodes;
using Portcullis.Testing.Clusters;

namespace Portcullis.ApiServer.Tests.Conformance;

/// <summary>Every recorded exchange with a real Kubernetes 1.36, replayed in order and compared.</summary>
[TestFixture]
internal sealed class ReplayTests
{
    private static IEnumerable<string> Files => Recordings.Folder is null ? ["none"] : Recordings.HttpFiles;

    [TestCaseSource(nameof(Files))]
    public async Task Answers_as_the_recorded_server_did(string file)
    {
        var recording = Recordings.Read($"http/{file}.json");
        await using var cluster = await TestCluster.StartAsync();
        if (cluster.Embedded is null)
        {
            Assert.Ignore("The replay is for the embedded API.");
        }

        await using var webhooks = file == "webhooks" ? await WebhookServer.StartAsync() : null;
        using var replay = new Replay(file, cluster) { Webhooks = webhooks };
        await replay.RunAsync((JsonArray)recording["steps"]!);
        if (replay.Failures.Count > 0)
        {
            Assert.Fail(string.Join("\n", replay.Failures));
        }
    }

    [Test]
    public void At_most_one_step_in_twenty_may_differ()
    {
        _ = Recordings.Read("http/crud.json");
        var steps = Recordings.HttpFiles.Sum(f => ((JsonArray)Recordings.Read($"http/{f}.json")["steps"]!).Count)
            + ((JsonArray)Recordings.Read("kubectl.json")["steps"]!).Count;
        Assert.That(KnownDifferences.Count, Is.LessThanOrEqualTo(steps / 20));
    }
}

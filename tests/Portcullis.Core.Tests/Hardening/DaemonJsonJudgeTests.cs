using System.Text;
using System.Text.Json.Nodes;
using Portcullis.Core.Hardening;
using Portcullis.Objects;

namespace Portcullis.Core.Tests.Hardening;

internal sealed class DaemonJsonJudgeTests
{
    [Test]
    public void A_key_that_two_agree_on_pends_for_both_and_the_most_careful_policy_counts()
    {
        var (a, b) = (Of("a", RestartPolicy.Always), Of("b", RestartPolicy.Never));
        var desire = DesiredConfiguration.For([a, b], new Dictionary<string, string>());
        var file = DaemonFile.Read(Encoding.UTF8.GetBytes("{\"log-driver\": \"local\"}"));
        var observed = new HardeningObservation { File = file, Engine = new EngineObservation { Version = new EngineVersion(20, 10, 24) } };
        var plan = HardeningPlanner.Plan(desire, observed, DateTimeOffset.UnixEpoch);
        var report = DaemonJsonJudge.Judge([a, b], desire, observed, plan, []);
        Assert.Multiple(() =>
        {
            Assert.That(report.Hardenings.Select(r => r.State), Is.All.EqualTo(HardeningState.PendingRestart));
            Assert.That(report.PendingRestart!.Hardenings, Is.EqualTo(new[] { "a", "b" }));
            Assert.That(report.PendingRestart!.Reason, Does.EndWith("restartPolicy is Never"));
        });
    }

    private static NodeHardening Of(string name, RestartPolicy policy) => new()
    {
        Metadata = new ObjectMeta { Name = name },
        Spec = new NodeHardeningSpec { DaemonJson = new JsonObject { ["log-driver"] = "local" }, RestartPolicy = policy },
    };
}

using Portcullis.Agent;
using Portcullis.Core.Hardening;

namespace Portcullis.Tests.Agent;

/// <summary>The one line that <c>kubectl get nodereports</c> shows of a node.</summary>
internal sealed class NodeReportsTests
{
    [TestCase("2 keys of 1 NodeHardening in force", HardeningState.InForce)]
    [TestCase("1 NodeHardening suspended or in mode Audit", HardeningState.Observed)]
    [TestCase("2 keys of 1 NodeHardening in force, 2 NodeHardenings suspended or in mode Audit", HardeningState.Observed, HardeningState.InForce, HardeningState.Observed)]
    public void What_is_only_looked_at_is_not_said_to_be_in_force(string expected, params HardeningState[] states)
    {
        var status = new NodeReportStatus
        {
            Engine = new EngineReport { Reachable = true },
            Hardenings = [.. states.Select((state, i) => new HardeningReport { Name = $"h{i}", Generation = 1, State = state, Message = "because" })],
            Keys = states.Contains(HardeningState.InForce) ? [Key("debug"), Key("icc")] : [],
        };

        var ready = NodeReports.Conditions(status, 1, null, DateTimeOffset.UnixEpoch).Single();

        Assert.That((ready.Type, ready.Status, ready.Message), Is.EqualTo(("Ready", "True", expected)));
    }

    private static KeyReport Key(string name) => new() { Key = name, Hardening = "h0", ReadFrom = "info", InForce = true };
}

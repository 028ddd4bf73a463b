using System.Text;
using System.Text.Json.Nodes;
using Portcullis.Core.Hardening;

namespace Portcullis.Core.Tests.Hardening;

/// <summary>What happens when the engine does not come back after a change, and what may never be taken from a running one.</summary>
internal sealed class EngineRecoveryTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly HardeningObservation Down = new()
    {
        File = File("""{"debug": true, "mtu": 1400}"""),
        LastGood = Json("{}"),
        EngineProblem = "it fell over",
        ProcessState = EngineProcessState.Failed,
        Pending = new PendingChange("00", Now.AddMinutes(-10)),
        Owned = new Dictionary<string, OwnedKey> { ["debug"] = Owned(true) },
    };

    [TestCase(59, "wait (EngineUnreachable): it fell over")]
    [TestCase(60, "roll back daemon.json and start the engine: it fell over")]
    public void An_engine_has_a_minute_to_answer_after_the_change_or_since_it_last_did(int seconds, string expected)
    {
        var starting = Down with { ProcessState = EngineProcessState.Unknown };
        Assert.That(Plan(starting with { Pending = new PendingChange("00", Now.AddSeconds(-seconds)) }).Describe(), Is.EqualTo(new[] { expected }));
        Assert.That(Plan(starting with { DownSince = Now.AddSeconds(-seconds) }).Describe(), Is.EqualTo(new[] { expected }));
        Assert.That(Plan(starting with { Pending = new PendingChange("00", Now.AddSeconds(-seconds)), DownSince = Now.AddHours(-1) }).Describe(), Is.EqualTo(new[] { expected }));
    }

    [Test]
    public void While_it_may_still_start_the_file_is_not_touched()
    {
        var starting = Down with { ProcessState = EngineProcessState.Unknown, Pending = new PendingChange("00", Now), File = File("{}") };
        Assert.That(Plan(starting).Actions, Is.Empty);
    }

    [Test]
    public void An_engine_that_answers_is_not_recovered() =>
        Assert.That(
            Plan(Down with { Engine = new EngineObservation { Version = new(26, 1, 4) }, InForce = new JsonObject { ["debug"] = true } }).Actions.OfType<HardeningAction.RollBack>(),
            Is.Empty);

    [Test]
    public void Without_an_earlier_copy_nothing_is_restored_and_somebody_must_act() =>
        Assert.That(
            Plan(Down with { LastGood = null }).Describe(),
            Is.EqualTo(new[] { "refuse: the engine does not run with daemon.json, and there is no earlier copy to restore: it fell over" }));

    [Test]
    public void An_engine_that_does_not_say_why_does_not_answer() =>
        Assert.That(Plan(Down with { EngineProblem = null }).Describe(), Is.EqualTo(new[] { "roll back daemon.json and start the engine: the engine does not answer" }));

    // The file as it is; whether our keys are to be put back before the engine is started.
    [TestCase("""{"debug": true, "mtu": 1400}""", true)]
    [TestCase("""{"mtu": 1400}""", false)]
    [TestCase("""{"mtu": 1400, "icc": false}""", false)]
    public void A_file_that_was_restored_already_is_not_restored_again(string file, bool restores)
    {
        var observed = Down with { File = File(file), LastGood = Json(file.Contains("icc", StringComparison.Ordinal) ? """{"icc": false}""" : "{}"), GoodOwned = new Dictionary<string, OwnedKey> { ["icc"] = Owned(false) } };
        Assert.That(((HardeningAction.RollBack)Plan(observed).Actions.Single()).Restores, Is.EqualTo(restores));
    }

    [Test]
    public void A_file_that_is_none_is_restored() =>
        Assert.That(((HardeningAction.RollBack)Plan(Down with { File = new DaemonFile.Missing() }).Actions.Single()).Restores, Is.True);

    [Test]
    public void Our_keys_go_back_to_what_the_engine_last_ran_with_and_keys_of_others_stay_as_they_are_now()
    {
        var content = RollBackContent.Of(File("""{"debug": true, "labels": ["a=b"], "mtu": 9000}"""), Json("""{"debug": false, "mtu": 1400, "icc": true}"""), ["debug", "labels", "icc"]);
        Assert.That(content.Values.ToJsonString(), Is.EqualTo("""{"debug":false,"mtu":9000,"icc":true}"""));
        Assert.That(RollBackContent.Of(new DaemonFile.Missing(), Json("""{"mtu": 1400}"""), ["debug"]).Values.ToJsonString(), Is.EqualTo("""{"mtu":1400}"""));
    }

    [Test]
    public void A_list_of_plugins_that_is_no_longer_declared_stays_while_they_are_in_force()
    {
        var observed = Plugins("opa");
        Assert.That(Plan(observed).Describe(), Is.EqualTo(new[]
        {
            "refuse: authorization-plugins would no longer contain opa, and after a reload the engine would accept every request: keep it in the list",
        }));
        Assert.That(Plan(Plugins()).Describe(), Is.EqualTo(new[] { "write daemon.json: remove authorization-plugins", "reload the engine" }), "the engine has none");
        Assert.That(HardeningPlanner.Plan(DesiredConfiguration.Nothing with { Held = new HashSet<string> { "authorization-plugins" } }, observed, Now).Describe(), Is.Empty, "suspended");
        Assert.That(HardeningPlanner.Plan(Desire("authorization-plugins", new JsonArray("opa")), observed, Now).Describe(), Is.Empty, "still declared");
    }

    [Test]
    public void Another_key_goes_although_the_list_of_plugins_stays()
    {
        var observed = Plugins("opa") with
        {
            File = File("""{"authorization-plugins": ["opa"], "max-concurrent-downloads": 9}"""),
            Owned = new Dictionary<string, OwnedKey> { ["authorization-plugins"] = Owned(new JsonArray("opa")), ["max-concurrent-downloads"] = Owned(9) },
            InForce = new JsonObject { ["authorization-plugins"] = new JsonArray("opa"), ["max-concurrent-downloads"] = 9 },
        };
        Assert.That(Plan(observed).Describe().Take(2), Is.EqualTo(new[] { "write daemon.json: remove max-concurrent-downloads", "reload the engine" }));
    }

    [Test]
    public void A_file_that_cannot_be_replaced_safely_is_refused()
    {
        var observed = Down with { File = new DaemonFile.Untouchable("is a symbolic link"), ProcessState = EngineProcessState.Unknown };
        Assert.That(Plan(observed).Describe(), Is.EqualTo(new[] { "refuse: daemon.json is a symbolic link" }));
    }

    [TestCase("18.09.0", false)]
    [TestCase("18.06.3", true)]
    public void The_oldest_engine_whose_keys_are_known_is_18_09(string version, bool isRefused)
    {
        Assert.That(EngineVersion.TryParse(version, out var parsed));
        var plan = HardeningPlanner.Plan(Desire("debug", true), new HardeningObservation { File = new DaemonFile.Missing(), Engine = new EngineObservation { Version = parsed } }, Now);
        Assert.That(plan.Refusals.Count > 0, Is.EqualTo(isRefused));
    }

    [Test]
    public void A_suspended_key_that_is_not_in_force_asks_for_no_restart()
    {
        var observed = Running("""{"mtu": 1400}""") with { Owned = new Dictionary<string, OwnedKey> { ["mtu"] = Owned(1400) } };
        Assert.That(HardeningPlanner.Plan(DesiredConfiguration.Nothing with { Held = new HashSet<string> { "mtu" } }, observed, Now).PendingRestart, Is.Empty);
    }

    [Test]
    public void A_default_that_is_written_out_needs_no_restart() =>
        Assert.That(HardeningPlanner.Plan(Desire("icc", true), Running("""{"icc": true}"""), Now).PendingRestart, Is.Empty);

    [Test]
    public void The_most_careful_policy_of_all_keys_decides_and_one_container_keeps_an_engine_from_being_idle()
    {
        var desire = DesiredConfiguration.Nothing with
        {
            Keys = new Dictionary<string, DesiredKey> { ["mtu"] = new(1400, "a", RestartPolicy.Always), ["icc"] = new(false, "b", RestartPolicy.WhenIdle) },
        };
        var observed = Running("{}") with { Engine = new EngineObservation { Version = new(26, 1, 4), ContainersRunning = 1 } };
        Assert.That(HardeningPlanner.Plan(desire, observed, Now).Describe()[^1], Is.EqualTo("wait (RestartWaitsForIdle): icc, mtu: waiting until no container runs before the engine restarts (1 running)"));
    }

    private static HardeningObservation Running(string file) => new()
    {
        File = File(file), LastGood = Json(file), Engine = new EngineObservation { Version = new(26, 1, 4) },
    };

    private static HardeningObservation Plugins(params string[] inForce) => Running("""{"authorization-plugins": ["opa"]}""") with
    {
        Engine = new EngineObservation { Version = new(26, 1, 4), AuthorizationPlugins = inForce },
        Owned = new Dictionary<string, OwnedKey> { ["authorization-plugins"] = Owned(new JsonArray("opa")) },
        InForce = new JsonObject { ["authorization-plugins"] = new JsonArray("opa") },
    };

    private static HardeningPlan Plan(HardeningObservation observed) => HardeningPlanner.Plan(DesiredConfiguration.Nothing, observed, Now);

    private static DesiredConfiguration Desire(string key, JsonNode value) => DesiredConfiguration.Nothing with
    {
        Keys = new Dictionary<string, DesiredKey> { [key] = new(value, "baseline", RestartPolicy.Always) },
    };

    private static OwnedKey Owned(JsonNode value) => new(value, "baseline", RestartPolicy.Always);

    private static DaemonFile.Json File(string text) => new(Json(text));

    private static DaemonJson Json(string text) => DaemonJson.Parse(Encoding.UTF8.GetBytes(text));
}

using System.Text;
using System.Text.Json.Nodes;
using Portcullis.Core.Hardening;

namespace Portcullis.Core.Tests.Hardening;

internal sealed class HardeningPlannerTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Test]
    public void Foreign_keys_keep_their_bytes_when_ours_are_merged()
    {
        const string file = "{\n\t\"bip\" : \"10.9.0.1/24\",\n  \"log-opts\": { \"max-size\":\"1.50m\",\n   \"tag\": \"\\u00e4\" }, \"debug\": false }";
        var node = new SimulatedNode(file);
        node.Settle(Desire(("debug", true), ("live-restore", true)));
        Assert.That(node.FileText, Is.EqualTo("{\n  \"bip\": \"10.9.0.1/24\",\n  \"log-opts\": { \"max-size\":\"1.50m\",\n   \"tag\": \"\\u00e4\" },\n  \"debug\": true,\n  \"live-restore\": true\n}\n"));
    }

    [Test]
    public void A_hand_edit_of_our_key_is_taken_back_and_that_of_another_left()
    {
        var node = new SimulatedNode("{\"mtu\": 1400}");
        var desire = Desire(("live-restore", true));
        node.Settle(desire);
        node.Edit("{\"mtu\": 1300, \"live-restore\": false}");
        var plan = node.Plan(desire);
        Assert.That(plan.Drifted, Is.EqualTo(new[] { "live-restore" }));
        node.Settle(desire);
        Assert.That(node.Values.ToJsonString(), Is.EqualTo("{\"mtu\":1300,\"live-restore\":true}"));
    }

    [Test]
    public void A_reloadable_key_that_left_the_wish_is_written_with_its_default_before_it_goes()
    {
        var node = new SimulatedNode("{}");
        node.Settle(Desire(("debug", true), ("labels", new JsonArray("a=b"))));
        var plan = node.Plan(Desire(("debug", true)));
        Assert.That(plan.Describe(), Is.EqualTo(new[] { "write daemon.json: set labels", "reload the engine" }));
        node.Settle(Desire(("debug", true)));
        Assert.That(node.Values.ToJsonString(), Is.EqualTo("{\"debug\":true}"));
        Assert.That(node.Memory["labels"]!.ToJsonString(), Is.EqualTo("[]"));
        Assert.That(node.Owned.Keys, Is.EqualTo(new[] { "debug" }));
    }

    [Test]
    public void A_key_that_no_reload_unsets_stays_ours_until_a_restart_has_made_the_engine_forget_it()
    {
        var node = new SimulatedNode("{}");
        node.Settle(Desire(("mtu", 1400)));
        var never = DesiredConfiguration.Nothing;
        node.Apply(node.Plan(never));

        Assert.That(node.Values.ContainsKey("mtu"), Is.False);
        Assert.That(node.Plan(never).Describe(), Is.EqualTo(new[] { "wait (RestartWaitsForTurn): mtu: waiting for the rollout to permit a restart of the engine" }));
        node.Settle(never);
        Assert.That(node.Memory.ContainsKey("mtu") || node.Owned.Count > 0, Is.False);
    }

    [Test]
    public void A_key_that_no_reload_takes_over_waits_for_a_restart_as_its_policy_says()
    {
        var node = new SimulatedNode("{}");
        Assert.That(node.Plan(Desire(RestartPolicy.Never, ("no-new-privileges", true))).Describe()[^1],
            Is.EqualTo("wait (RestartRequired): no-new-privileges: requires a restart of the engine, but restartPolicy is Never"));
        node.Containers = 2;
        Assert.That(node.Plan(Desire(RestartPolicy.WhenIdle, ("no-new-privileges", true))).Describe()[^1],
            Is.EqualTo("wait (RestartWaitsForIdle): no-new-privileges: waiting until no container runs before the engine restarts (2 running)"));
        var always = Desire(RestartPolicy.Always, ("no-new-privileges", true));
        var plan = node.Plan(always);
        Assert.That(plan.Describe()[^1], Is.EqualTo("wait (RestartWaitsForTurn): no-new-privileges: waiting for the rollout to permit a restart of the engine"));
        Assert.That(node.Plan(always with { PermittedRestart = plan.RestartId }).Describe(),
            Is.EqualTo(new[] { "write daemon.json: set no-new-privileges", "restart the engine for no-new-privileges" }));
    }

    [Test]
    public void Content_that_the_engine_refused_is_not_tried_again_until_it_changes()
    {
        var node = new SimulatedNode("{\"debug\": true}");
        var desire = Desire(RestartPolicy.Always, ("metrics-addr", "nonsense"));
        desire = desire with { PermittedRestart = node.Plan(desire).RestartId };
        node.Rejected = new RejectedContent(node.Plan(desire).Steps.OfType<ConfigureStep.Write>().Single().Sha256, "listen tcp: address nonsense: missing port");
        Assert.That(node.Plan(desire).Describe(), Is.EqualTo(new[]
        {
            "refuse: the engine did not run with this configuration, which was rolled back: listen tcp: address nonsense: missing port",
        }));
        Assert.That(node.Plan(Desire(RestartPolicy.Always, ("metrics-addr", "127.0.0.1:9323"))).Steps.OfType<ConfigureStep.Write>(), Is.Not.Empty);
    }

    [TestCase(EngineProcessState.Failed, 1, "roll back daemon.json and start the engine: it fell over")]
    [TestCase(EngineProcessState.Unknown, 61, "roll back daemon.json and start the engine: it fell over")]
    [TestCase(EngineProcessState.Unknown, 10, "wait (EngineUnreachable): it fell over")]
    [TestCase(EngineProcessState.Stopped, 3600, "wait (EngineUnreachable): it fell over")]
    public void An_engine_that_fails_with_an_unproven_file_is_rolled_back_and_a_stopped_one_left_alone(EngineProcessState state, int seconds, string expected)
    {
        var observed = new SimulatedNode("{\"debug\": true}").Observe() with
        {
            Engine = null,
            EngineProblem = "it fell over",
            ProcessState = state,
            Pending = new PendingChange("00", Now - TimeSpan.FromSeconds(seconds)),
            LastGood = DaemonJson.Empty,
        };
        Assert.That(HardeningPlanner.Plan(DesiredConfiguration.Nothing, observed, Now).Describe()[^1], Is.EqualTo(expected));
    }

    [Test]
    public void While_the_engine_is_down_a_hand_edit_goes_but_nothing_new_comes()
    {
        var node = new SimulatedNode("{}");
        node.Settle(Desire(("live-restore", true)));
        node.Edit("{\"live-restore\": false}");
        var observed = node.Observe() with { Engine = null, EngineProblem = "connection refused" };
        var plan = HardeningPlanner.Plan(Desire(("live-restore", true), ("debug", true)), observed, Now);
        Assert.That(plan.Describe(), Is.EqualTo(new[] { "write daemon.json: set live-restore", "wait (EngineUnreachable): connection refused" }));
    }

    [Test]
    public void A_file_that_is_no_JSON_is_kept_aside_and_replaced_by_the_last_good_one()
    {
        var broken = new DaemonFile.Broken("is not JSON (line 3)");
        var observed = new SimulatedNode("{}").Observe() with { File = broken };
        Assert.That(HardeningPlanner.Plan(Desire(("debug", true)), observed with { LastGood = null }, Now).Describe(),
            Is.EqualTo(new[] { "refuse: daemon.json is not JSON (line 3)" }));
        Assert.That(HardeningPlanner.Plan(Desire(("debug", true)), observed with { LastGood = DaemonJson.Parse("{\"mtu\": 1400}"u8) }, Now).Describe(),
            Is.EqualTo(new[] { "keep a copy of daemon.json, which is not JSON (line 3)", "write daemon.json: set debug, mtu", "reload the engine" }));
    }

    [Test]
    public void A_file_that_vanished_comes_back_with_the_foreign_keys_it_had()
    {
        var node = new SimulatedNode("{\"mtu\": 1400}");
        node.Settle(Desire(("debug", true)));
        var observed = node.Observe() with { File = new DaemonFile.Missing() };
        var write = HardeningPlanner.Plan(Desire(("debug", true)), observed, Now).Steps.OfType<ConfigureStep.Write>().Single();
        Assert.That(write.Content.Values.ToJsonString(), Is.EqualTo("{\"mtu\":1400,\"debug\":true}"));
    }

    [Test]
    public void One_wrong_NodeHardening_stays_as_it_was_and_the_others_go_on()
    {
        var node = new SimulatedNode("{}");
        node.Settle(Desires(("a", "debug", true)));
        var plan = node.Plan(Desires(("a", "debug", false), ("a", "log-format", "json"), ("b", "live-restore", true)));
        Assert.That(plan.Describe(), Is.EqualTo(new[]
        {
            "write daemon.json: set live-restore", "reload the engine",
            "refuse: log-format is not supported by engine 20.10.24, which would not start: it was added in 25.0.0",
        }));
    }

    [Test]
    public void Authorization_plugins_in_force_are_never_dropped()
    {
        var node = new SimulatedNode("{\"authorization-plugins\": [\"opa\"]}") { Plugins = ["opa"] };
        var plan = node.Plan(Desire(("authorization-plugins", new JsonArray("other"))));
        Assert.That(plan.Describe(), Is.EqualTo(new[] { "refuse: authorization-plugins would no longer contain opa, and after a reload the engine would accept every request: keep it in the list" }));
        node.Edit("{}");
        Assert.That(node.Plan(Desire(("debug", true))).Actions, Is.Empty);
    }

    [Test]
    public void Plugins_given_by_flag_make_every_change_a_restart_since_a_reload_would_drop_them()
    {
        var node = new SimulatedNode("{}") { Plugins = ["opa"], Flags = DaemonFlags.Parse(["dockerd", "--authorization-plugin=opa"]) };
        Assert.That(node.Plan(Desire(RestartPolicy.Never, ("debug", true))).Describe(), Is.EqualTo(new[]
        {
            "write daemon.json: set debug", "wait (RestartRequired): debug: requires a restart of the engine, but restartPolicy is Never",
        }));
    }

    [TestCase("icc", "false", "the running dockerd has --iptables=false: an engine accepts this on reload and fails at its next start; remove the flag from its unit, or remove icc")]
    [TestCase("bip", "\"10.9.0.1/24\"", "the running dockerd has --bridge: remove the flag from its unit, or remove bip")]
    public void What_the_running_dockerd_was_given_on_its_command_line_is_blamed_there(string key, string value, string expected)
    {
        var node = new SimulatedNode("{}") { Flags = DaemonFlags.Parse(["dockerd", "--bridge=none", "--iptables=false"]) };
        Assert.That(node.Plan(Desire((key, JsonNode.Parse(value)!))).Describe().Single(), Does.EndWith(expected));
    }

    [TestCase("icc", "false", "{\"iptables\": false}", "icc=false requires iptables")]
    [TestCase("storage-driver", "\"vfs\"", "{}", "storage-driver is also set by the flag --storage-driver")]
    [TestCase("log-level", "\"syslog\"", "{}", "which is a log driver: write log-driver: syslog")]
    [TestCase("disable-legacy-registry", "true", "{}", "disable-legacy-registry is not supported by engine 20.10.24, which would not start: it was removed in 19.03.0; delete the line")]
    [TestCase("ip6tables", "true", "{}", "ip6tables requires experimental=true on engine 20.10.24")]
    [TestCase("lables", "[]", "{}", "did you mean labels?")]
    [TestCase("label", "[\"a=b\"]", "{}", "write labels")]
    [TestCase("debug", "\"yes\"", "{}", "debug must be true or false, not a string")]
    [TestCase("labels", "[\"a\"]", "{}", "labels must be a list of key=value")]
    [TestCase("seccomp-profile", "\"/nowhere\"", "{}", "which does not exist on this node")]
    [TestCase("default-runtime", "\"kata\"", "{}", "default-runtime kata is not in runtimes")]
    [TestCase("live-restore", "true", "swarm", "live-restore is incompatible with swarm mode")]
    public void What_would_stop_the_engine_is_refused_with_its_correction(string key, string value, string file, string expected)
    {
        var node = new SimulatedNode(file == "swarm" ? "{}" : file)
        {
            Swarm = file == "swarm",
            Flags = DaemonFlags.Parse(["/usr/bin/dockerd", "-H", "fd://", "--storage-driver", "vfs"]),
        };
        var observed = node.Observe() with { MissingPaths = new HashSet<string> { "/nowhere" } };
        var plan = HardeningPlanner.Plan(Desire((key, JsonNode.Parse(value)!)), observed, Now);
        Assert.That(plan.Actions, Is.Empty);
        Assert.That(plan.Describe().Single(), Does.Contain(expected));
    }

    [Test]
    public void Whatever_is_asked_in_whatever_order_it_settles_and_then_nothing_is_left_to_do()
    {
        var random = new Random(20261122);
        string[] pool = ["debug", "live-restore", "labels", "log-driver", "icc", "max-concurrent-downloads", "shutdown-timeout", "no-new-privileges", "features", "mtu"];
        for (var round = 0; round < 300; round++)
        {
            var node = new SimulatedNode(Object(random, pool).ToJsonString());
            for (var step = 0; step < 6; step++)
            {
                var desire = Desire(RestartPolicy.Always, [.. Object(random, pool).Select(p => (p.Key, p.Value!.DeepClone()))]);
                if (random.Next(3) == 0)
                {
                    node.Edit(Object(random, pool).ToJsonString());
                }

                var foreign = node.Values.Where(p => !desire.Keys.ContainsKey(p.Key) && !node.Owned.ContainsKey(p.Key)).ToDictionary(p => p.Key, p => p.Value!.ToJsonString());
                var before = node.Owned.Keys.ToList();
                node.Settle(desire);
                Assert.That(node.Plan(desire).Actions, Is.Empty);
                Assert.That(before.All(k => JsonNode.DeepEquals(node.Values[k] ?? DaemonKeys.Find(k)!.Default, node.Memory[k] ?? DaemonKeys.Find(k)!.Default)), "what left is forgotten");
                Assert.That(desire.Keys.All(k => JsonNode.DeepEquals(k.Value.Value, node.Memory[k.Key] ?? DaemonKeys.Find(k.Key)!.Default)), "in force");
                Assert.That(foreign.All(f => node.Values[f.Key]!.ToJsonString() == f.Value), "foreign keys survive");
                Assert.That(node.Owned.Keys, Is.EquivalentTo(desire.Keys.Keys));
            }
        }
    }

    private static JsonObject Object(Random random, string[] pool)
    {
        var o = new JsonObject();
        foreach (var key in pool.Where(_ => random.Next(2) == 0))
        {
            o[key] = DaemonKeys.Find(key)!.Type switch
            {
                DaemonKeyType.Boolean => random.Next(2) == 0,
                DaemonKeyType.Integer => 1 + random.Next(20),
                DaemonKeyType.TextList => new JsonArray($"a={random.Next(3)}"),
                DaemonKeyType.BooleanMap => new JsonObject { ["buildkit"] = random.Next(2) == 0 },
                _ => random.Next(2) == 0 ? "json-file" : "local",
            };
        }

        return o;
    }

    private static DesiredConfiguration Desire(params (string Key, JsonNode Value)[] keys) => Desire(RestartPolicy.Always, keys);

    private static DesiredConfiguration Desire(RestartPolicy policy, params (string Key, JsonNode Value)[] keys) => DesiredConfiguration.Nothing with
    {
        Keys = keys.ToDictionary(k => k.Key, k => new DesiredKey(k.Value, "baseline", policy), StringComparer.Ordinal),
    };

    private static DesiredConfiguration Desires(params (string Hardening, string Key, JsonNode Value)[] keys) => DesiredConfiguration.Nothing with
    {
        Keys = keys.ToDictionary(k => k.Key, k => new DesiredKey(k.Value, k.Hardening, RestartPolicy.Always), StringComparer.Ordinal),
    };

    /// <summary>A node as moby behaves: the file, the engine's memory of it, and our records.</summary>
    private sealed class SimulatedNode(string file)
    {
        private DaemonJson _file = DaemonJson.Parse(Encoding.UTF8.GetBytes(file));

        public JsonObject Memory { get; private set; } = LoadedConfiguration.AfterStart(DaemonJson.Parse(Encoding.UTF8.GetBytes(file)));

        public IReadOnlyDictionary<string, OwnedKey> Owned { get; private set; } = new Dictionary<string, OwnedKey>();

        public RejectedContent? Rejected { get; set; }

        public int Containers { get; set; }

        public bool Swarm { get; init; }

        public IReadOnlyList<string> Plugins { get; init; } = [];

        public DaemonFlags Flags { get; init; } = DaemonFlags.None;

        public string FileText => Encoding.UTF8.GetString(_file.ToBytes());

        public JsonObject Values => _file.Values;

        public void Edit(string text) => _file = DaemonJson.Parse(Encoding.UTF8.GetBytes(text));

        public HardeningObservation Observe() => new()
        {
            File = new DaemonFile.Json(_file),
            LastGood = _file,
            Engine = new EngineObservation { Version = new(20, 10, 24), ContainersRunning = Containers, SwarmActive = Swarm, AuthorizationPlugins = Plugins },
            Flags = Flags,
            InForce = Memory,
            Owned = Owned,
            Rejected = Rejected,
        };

        public HardeningPlan Plan(DesiredConfiguration desire) => HardeningPlanner.Plan(desire, Observe(), Now);

        /// <summary>Acts until nothing is left; two rounds are the most that any change takes.</summary>
        public void Settle(DesiredConfiguration desire)
        {
            for (var round = 0; round < 3; round++)
            {
                var plan = Plan(desire);
                desire = desire with { PermittedRestart = plan.RestartId };
                Apply(Plan(desire));
            }
        }

        public void Apply(HardeningPlan plan)
        {
            foreach (var step in plan.Steps)
            {
                Apply(step);
            }
        }

        private void Apply(ConfigureStep step)
        {
            switch (step)
            {
                case ConfigureStep.Write write:
                    _file = DaemonJson.Parse(write.Content.ToBytes());
                    Owned = write.Owned;
                    break;
                case ConfigureStep.Own own:
                    Owned = own.Owned;
                    break;
                case ConfigureStep.Reload:
                    Memory = LoadedConfiguration.AfterReload(Memory, _file);
                    break;
                case ConfigureStep.Restart:
                    Memory = LoadedConfiguration.AfterStart(_file);
                    break;
                default:
                    break;
            }
        }
    }
}

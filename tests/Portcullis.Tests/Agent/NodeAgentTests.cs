using System.Text.Json.Nodes;
using Portcullis.Core.Hardening;
using Portcullis.Testing.Engines;

namespace Portcullis.Tests.Agent;

/// <summary>The agent with a real dockerd: what the file, the engine and the report are in the end.</summary>
internal sealed class NodeAgentTests
{
    [Test]
    public async Task Puts_reloadable_keys_in_force_beside_foreign_ones_and_reads_them_back()
    {
        await using var agent = await RunningAgent.StartAsync("{\"mtu\":1400,  \"max-concurrent-uploads\": 7}");
        agent.Cluster.Ask("baseline", new JsonObject { ["live-restore"] = true, ["labels"] = new JsonArray("zone=a"), ["shutdown-timeout"] = 20 });
        await agent.UntilStateAsync("baseline", HardeningState.InForce);
        var info = await agent.Engine.Client.GetInfoAsync(default);
        Assert.Multiple(() =>
        {
            Assert.That(agent.File.ToJsonString(), Is.EqualTo("{\"mtu\":1400,\"max-concurrent-uploads\":7,\"labels\":[\"zone=a\"],\"live-restore\":true,\"shutdown-timeout\":20}"));
            Assert.That(info.Raw["LiveRestoreEnabled"]!.GetValue<bool>(), Is.True);
            Assert.That(info.Raw["Labels"]!.ToJsonString(), Is.EqualTo("[\"zone=a\"]"));
            Assert.That(
                agent.Cluster.Report!.Keys!.Select(k => $"{k.Key} {k.ReadFrom} {k.InForce}"),
                Is.EqualTo(new[] { "labels info True", "live-restore info True", "shutdown-timeout event True" }));
        });
    }

    [TestCase("write")]
    [TestCase("rename")]
    [TestCase("delete")]
    public async Task Takes_back_a_hand_edit_of_our_key_and_says_who_made_it(string how)
    {
        await using var agent = await RunningAgent.StartAsync("{\"mtu\": 1400}");
        agent.Cluster.Ask("baseline", new JsonObject { ["debug"] = true });
        await agent.UntilStateAsync("baseline", HardeningState.InForce);
        const string edited = "{\"mtu\": 1300, \"debug\": false}";
        var path = agent.Engine.DaemonJson;
        var command = how switch
        {
            "write" => $"printf '%s' '{edited}' > {path}; sleep 0.3",
            "rename" => $"printf '%s' '{edited}' > {path}.tmp; mv {path}.tmp {path}; sleep 0.3",
            _ => $"rm {path}",
        };
        using (var shell = System.Diagnostics.Process.Start("/bin/sh", ["-c", command]))
        {
            await shell.WaitForExitAsync();
        }

        await agent.UntilAsync(() => File.Exists(path) && agent.File["debug"]?.GetValue<bool>() == true && agent.Cluster.Report!.Drift is not null, "reverted");
        Assert.Multiple(() =>
        {
            Assert.That(agent.File["mtu"]!.GetValue<int>(), Is.EqualTo(how == "delete" ? 1400 : 1300), "foreign keys: as edited, or as they were");
            Assert.That(agent.Cluster.Events, Has.Some.Matches<string>(e => e!.StartsWith("baseline DriftReverted node-1: daemon.json was changed by", StringComparison.Ordinal)));
            if (how != "delete")
            {
                Assert.That(agent.Cluster.Report!.Drift!.LastBy, Does.Contain("uid 0 (root)").And.Contain("(sh)"));
            }
        });
    }

    [Test]
    public async Task A_key_that_left_the_wish_is_no_longer_in_force_nor_in_the_file()
    {
        await using var agent = await RunningAgent.StartAsync("{}");
        agent.Cluster.Ask("baseline", new JsonObject { ["debug"] = true, ["labels"] = new JsonArray("zone=a") });
        await agent.UntilStateAsync("baseline", HardeningState.InForce);
        agent.Cluster.Ask("baseline", new JsonObject { ["debug"] = true });
        await agent.UntilAsync(() => agent.File.ToJsonString() == "{\"debug\":true}", "labels gone");
        var info = await agent.Engine.Client.GetInfoAsync(default);
        Assert.That(info.Raw["Labels"] is null or JsonArray { Count: 0 }, "SIGHUP alone would have kept them");
    }

    [Test]
    public async Task Restarts_for_a_key_that_no_reload_takes_over_and_only_when_its_policy_and_turn_allow()
    {
        await using var agent = await RunningAgent.StartAsync("{}");
        var pid = agent.Engine.Pid;
        agent.Cluster.Ask("baseline", new JsonObject { ["log-driver"] = "local" }, RestartPolicy.Never);
        await agent.UntilStateAsync("baseline", HardeningState.PendingRestart);
        Assert.That(agent.Engine.Pid, Is.EqualTo(pid));
        agent.Cluster.Permits = false;
        agent.Cluster.Ask("baseline", new JsonObject { ["log-driver"] = "local" }, RestartPolicy.WhenIdle);
        await agent.UntilAsync(() => agent.Cluster.Report!.PendingRestart?.AsksPermission == true, "asks");
        Assert.That(agent.Engine.Pid, Is.EqualTo(pid));
        agent.Cluster.Permits = true;
        agent.Cluster.Ask("baseline", new JsonObject { ["log-driver"] = "local", ["debug"] = true }, RestartPolicy.WhenIdle);
        await agent.UntilStateAsync("baseline", HardeningState.InForce);
        var info = await agent.Engine.Client.GetInfoAsync(default);
        Assert.Multiple(() =>
        {
            Assert.That(info.Raw["LoggingDriver"]!.GetValue<string>(), Is.EqualTo("local"));
            Assert.That(agent.Engine.Pid, Is.Not.EqualTo(pid));
            Assert.That(agent.Cluster.Report!.PendingRestart, Is.Null);
        });
    }

    [Test]
    public async Task A_switch_that_the_engine_reads_at_its_start_is_not_in_force_after_a_reload()
    {
        await using var agent = await RunningAgent.StartAsync("{}");
        var pid = agent.Engine.Pid;
        agent.Cluster.Ask("baseline", new JsonObject { ["features"] = new JsonObject { ["containerd-snapshotter"] = true, ["buildkit"] = true } }, RestartPolicy.Never);
        await agent.UntilStateAsync("baseline", HardeningState.PendingRestart);
        agent.Cluster.Ask("baseline", new JsonObject { ["features"] = new JsonObject { ["buildkit"] = false } }, RestartPolicy.Never);
        await agent.UntilStateAsync("baseline", HardeningState.InForce);
        Assert.That((agent.Engine.Pid, agent.Cluster.Report!.Keys!.Single().ReadFrom), Is.EqualTo((pid, "event")));
    }

    [Test]
    public async Task A_proxy_is_in_force_when_the_engine_shows_it_and_its_password_is_not()
    {
        if (DockerEngine.NewerProgram is not { } program)
        {
            Assert.Ignore("not run: NEWER_DOCKERD names no folder with a dockerd");
            return;
        }

        await using var agent = await RunningAgent.StartWithAsync(program, "{}");
        agent.Cluster.Ask("baseline", new JsonObject { ["proxies"] = new JsonObject { ["http-proxy"] = "http://ann:secret@proxy.example:3128", ["no-proxy"] = "127.0.0.0/8" } });
        await agent.UntilStateAsync("baseline", HardeningState.InForce);
        var info = await agent.Engine.Client.GetInfoAsync(default);
        var key = agent.Cluster.Report!.Keys!.Single();
        Assert.Multiple(() =>
        {
            Assert.That(info.Raw["HttpProxy"]!.GetValue<string>(), Does.EndWith("@proxy.example:3128"));
            Assert.That(info.Raw["NoProxy"]!.GetValue<string>(), Is.EqualTo("127.0.0.0/8"));
            Assert.That((key.Key, key.ReadFrom, key.InForce, key.Wanted, key.Seen), Is.EqualTo(("proxies", "info", true, (string?)null, (string?)null)));
        });
    }

    [Test]
    public async Task Rolls_back_when_the_engine_does_not_start_says_its_words_and_does_not_try_again()
    {
        await using var agent = await RunningAgent.StartAsync("{\"mtu\": 1400}");
        agent.Cluster.Ask("baseline", new JsonObject { ["debug"] = true });
        await agent.UntilStateAsync("baseline", HardeningState.InForce);
        agent.Cluster.Ask("baseline", new JsonObject { ["debug"] = true, ["exec-opts"] = new JsonArray("native.cgroupdriver=bogus") });
        await agent.UntilStateAsync("baseline", HardeningState.RolledBack);
        await agent.UntilAsync(() => agent.Cluster.Report!.Engine!.Reachable, "the engine runs");
        var pid = agent.Engine.Pid;
        var message = agent.Cluster.Of("baseline")!.Message;
        Assert.Multiple(() =>
        {
            Assert.That(agent.File.ToJsonString(), Is.EqualTo("{\"mtu\":1400,\"debug\":true}"));
            Assert.That(message, Does.Contain("bogus"), "the engine's own words");
            Assert.That(Directory.GetFiles(agent.StateFolder, "daemon.json.refused-*"), Has.Length.EqualTo(1));
        });
        agent.Cluster.Ask("other", new JsonObject { ["shutdown-timeout"] = 30 });
        await agent.UntilAsync(() => agent.Cluster.Of("other") is not null, "another round");
        Assert.That(agent.Engine.Pid, Is.EqualTo(pid));
        agent.Cluster.Ask("baseline", new JsonObject { ["debug"] = false });
        await agent.UntilStateAsync("baseline", HardeningState.InForce);
    }

    [Test]
    public async Task A_roll_back_keeps_what_others_wrote_meanwhile()
    {
        await using var agent = await RunningAgent.StartAsync("{\"mtu\": 1400}");
        agent.Cluster.Ask("baseline", new JsonObject { ["debug"] = true });
        await agent.UntilStateAsync("baseline", HardeningState.InForce);
        var bogus = new JsonObject { ["debug"] = true, ["exec-opts"] = new JsonArray("native.cgroupdriver=bogus") };
        agent.Cluster.Ask("baseline", bogus, RestartPolicy.Never);
        await agent.UntilStateAsync("baseline", HardeningState.PendingRestart);
        var edited = agent.File;
        edited["mtu"] = 1300;
        edited["dns"] = new JsonArray("10.0.0.1");
        await File.WriteAllTextAsync(agent.Engine.DaemonJson, edited.ToJsonString());
        agent.Cluster.Ask("baseline", (JsonObject)bogus.DeepClone());
        await agent.UntilStateAsync("baseline", HardeningState.RolledBack);
        await agent.UntilAsync(() => agent.Cluster.Report!.Engine!.Reachable, "the engine runs");
        Assert.That(agent.File.ToJsonString(), Is.EqualTo("{\"mtu\":1300,\"debug\":true,\"dns\":[\"10.0.0.1\"]}"));
    }

    [Test]
    public async Task Puts_right_what_a_SIGHUP_by_hand_put_in_force_out_of_an_edit_that_was_undone()
    {
        await using var agent = await RunningAgent.StartAsync("{}");
        agent.Cluster.Ask("baseline", new JsonObject { ["debug"] = true, ["max-concurrent-uploads"] = 7 });
        await agent.UntilStateAsync("baseline", HardeningState.InForce);
        await agent.StopAgentAsync();
        var right = await File.ReadAllTextAsync(agent.Engine.DaemonJson);
        await File.WriteAllTextAsync(agent.Engine.DaemonJson, "{\"debug\": false, \"max-concurrent-uploads\": 9}");
        await agent.Engine.ReloadAsync();
        await agent.UntilAsync(async () => !(await agent.Engine.Client.GetInfoAsync(default)).Raw["Debug"]!.GetValue<bool>(), "taken over");
        await File.WriteAllTextAsync(agent.Engine.DaemonJson, right);
        await agent.StartAgentAsync();
        await agent.UntilAsync(async () => (await agent.Engine.Client.GetInfoAsync(default)).Raw["Debug"]!.GetValue<bool>(), "put right");
        await agent.UntilAsync(
            () => agent.Cluster.Report?.Keys?.FirstOrDefault(k => k.Key == "max-concurrent-uploads") is { Seen: "7", ReadFrom: "event", InForce: true }, "put right and seen");
    }

    [Test]
    public async Task Does_not_restart_an_engine_that_shows_the_values_in_force_though_its_file_was_touched_since_it_started()
    {
        await using var agent = await RunningAgent.StartAsync("{}");
        agent.Cluster.Ask("baseline", new JsonObject { ["log-driver"] = "local" });
        await agent.UntilStateAsync("baseline", HardeningState.InForce);
        await agent.StopAgentAsync();
        await agent.Engine.StopAsync(kill: false);
        Assert.That(await agent.Engine.TryStartAsync(default), Is.Null);
        await File.WriteAllTextAsync(agent.Engine.DaemonJson, await File.ReadAllTextAsync(agent.Engine.DaemonJson));
        var pid = agent.Engine.Pid;
        agent.Cluster.Ask("baseline", new JsonObject { ["log-driver"] = "local" });
        await agent.StartAgentAsync();
        await agent.UntilStateAsync("baseline", HardeningState.InForce);
        Assert.That(agent.Engine.Pid, Is.EqualTo(pid));
    }

    [Test]
    public async Task Refuses_what_a_reload_accepts_and_the_next_start_does_not()
    {
        await using var agent = await RunningAgent.StartAsync("{}");
        agent.Cluster.Ask("baseline", new JsonObject { ["icc"] = false, ["debug"] = true });
        await agent.UntilStateAsync("baseline", HardeningState.Refused);
        Assert.That(agent.Cluster.Of("baseline")!.Message, Does.Contain("icc=false requires iptables"));
        Assert.That(agent.File.ToJsonString(), Is.EqualTo("{}"));

        // The ground of the rule, on this very engine.
        await agent.StopAgentAsync();
        await File.WriteAllTextAsync(agent.Engine.DaemonJson, "{\"icc\": false}");
        await agent.Engine.ReloadAsync();
        await agent.Engine.Client.PingAsync(default);
        await agent.Engine.StopAsync(kill: false);
        Assert.That(await agent.Engine.TryStartAsync(default), Does.Contain("ICC=false uses iptables"));
    }

    [Test]
    public async Task Refuses_a_mirror_with_a_password_and_shows_it_nowhere()
    {
        await using var agent = await RunningAgent.StartAsync("{\"registry-mirrors\": [\"https://mirror.example\"]}");
        agent.Cluster.Ask("baseline", new JsonObject { ["registry-mirrors"] = new JsonArray("https://ann:pass-word@mirror.example") });
        await agent.UntilStateAsync("baseline", HardeningState.Refused);
        Assert.That(
            System.Text.Json.JsonSerializer.Serialize(agent.Cluster.Report, HardeningJsonContext.Default.NodeReportStatus), Does.Contain("without user and password").And.Not.Contain("pass-word"));

        // The ground of the rule, on this very engine.
        await agent.StopAgentAsync();
        await agent.Engine.StopAsync(kill: false);
        await File.WriteAllTextAsync(agent.Engine.DaemonJson, "{\"registry-mirrors\": [\"https://ann:pass-word@mirror.example\"]}");
        Assert.That(await agent.Engine.TryStartAsync(default), Does.Contain("username/password not allowed").And.Not.Contain("pass-word"));
    }

    [Test]
    public async Task Refuses_a_key_that_the_running_process_has_as_a_flag()
    {
        await using var agent = await RunningAgent.StartAsync("{}", "--log-level=warn");
        agent.Cluster.Ask("baseline", new JsonObject { ["log-level"] = "info" });
        await agent.UntilStateAsync("baseline", HardeningState.Refused);
        Assert.That(agent.Cluster.Of("baseline")!.Message, Does.StartWith("log-level is also set by the flag --log-level of the running dockerd"));
    }

    [Test]
    public async Task Leaves_a_symbolic_link_alone_and_says_so()
    {
        await using var agent = await RunningAgent.StartAsync("{}");
        agent.Cluster.Ask("baseline", new JsonObject { ["debug"] = true });
        await agent.UntilStateAsync("baseline", HardeningState.InForce);
        var elsewhere = Path.Combine(agent.Engine.Folder, "elsewhere.json");
        await File.WriteAllTextAsync(elsewhere, "{}");
        File.Delete(agent.Engine.DaemonJson);
        File.CreateSymbolicLink(agent.Engine.DaemonJson, elsewhere);
        await agent.UntilStateAsync("baseline", HardeningState.Refused);
        Assert.Multiple(() =>
        {
            Assert.That(agent.Cluster.Of("baseline")!.Message, Is.EqualTo($"daemon.json is a symbolic link to {elsewhere}: replace it with a regular file"));
            Assert.That(File.ReadAllText(elsewhere), Is.EqualTo("{}"));
        });
        File.Delete(agent.Engine.DaemonJson);
        await agent.UntilStateAsync("baseline", HardeningState.InForce);
        Assert.That(agent.File.ToJsonString(), Is.EqualTo("{\"debug\":true}"));
    }

    [TestCase("{ \"debug\": ", "is not JSON")]
    [TestCase("\uFEFF{}", "byte order mark")]
    [TestCase("[1]", "is not a JSON object")]
    [TestCase("\u0000\u0001binary", "is not JSON")]
    public async Task A_broken_file_is_replaced_by_the_last_good_one_and_kept(string content, string problem)
    {
        await using var agent = await RunningAgent.StartAsync("{\"mtu\": 1400}");
        agent.Cluster.Ask("baseline", new JsonObject { ["debug"] = true });
        await agent.UntilStateAsync("baseline", HardeningState.InForce);
        await File.WriteAllTextAsync(agent.Engine.DaemonJson, content, new System.Text.UTF8Encoding(false));
        await agent.UntilAsync(() => agent.Cluster.Events.Any(e => e.Contains("FileProblem", StringComparison.Ordinal)), "told");
        await agent.UntilStateAsync("baseline", HardeningState.InForce);
        Assert.Multiple(() =>
        {
            Assert.That(agent.Cluster.Events, Has.Some.Contains(problem));
            Assert.That(agent.File.ToJsonString(), Is.EqualTo("{\"mtu\":1400,\"debug\":true}"));
            Assert.That(File.ReadAllText(Directory.GetFiles(agent.StateFolder, "daemon.json.broken-*").Single()), Is.EqualTo(content.TrimStart('\uFEFF')));
        });
    }

    [Test]
    public async Task A_file_that_was_broken_from_the_start_is_not_touched()
    {
        await using var agent = await RunningAgent.StartAsync("{}");
        await agent.StopAgentAsync();
        Directory.Delete(agent.StateFolder, recursive: true);
        await File.WriteAllTextAsync(agent.Engine.DaemonJson, "mtu: 1400");
        await agent.StartAgentAsync();
        agent.Cluster.Ask("baseline", new JsonObject { ["debug"] = true });
        await agent.UntilStateAsync("baseline", HardeningState.Refused);
        Assert.That(File.ReadAllText(agent.Engine.DaemonJson), Is.EqualTo("mtu: 1400"));
    }

    [Test]
    public async Task Goes_on_after_a_kill_between_the_write_and_the_signal()
    {
        await using var agent = await RunningAgent.StartAsync("{}");
        agent.Cluster.Ask("baseline", new JsonObject { ["labels"] = new JsonArray("zone=a") });
        await agent.UntilStateAsync("baseline", HardeningState.InForce);
        await agent.StopAgentAsync();

        // As the disk is when the agent dies after the rename: the file says more than the engine has read.
        await File.WriteAllTextAsync(agent.Engine.DaemonJson, "{\n  \"labels\": [\"zone=b\"]\n}\n");
        agent.Cluster.Ask("baseline", new JsonObject { ["labels"] = new JsonArray("zone=b") });
        await agent.StartAgentAsync();
        await agent.UntilAsync(async () => (await agent.Engine.Client.GetInfoAsync(default)).Raw["Labels"]!.ToJsonString() == "[\"zone=b\"]", "in force");
        await agent.UntilStateAsync("baseline", HardeningState.InForce);
    }

    [Test]
    public async Task Takes_away_what_a_kill_left_half_written_and_nothing_else()
    {
        await using var agent = await RunningAgent.StartAsync("{}");
        await agent.StopAgentAsync();
        var home = Path.GetDirectoryName(agent.Engine.DaemonJson)!;
        string[] ours = [Path.Combine(home, ".daemon.json.portcullis-new"), Path.Combine(agent.StateFolder, ".state.json.portcullis-new"), Path.Combine(agent.StateFolder, ".daemon.json.candidate.portcullis-new")];
        var others = Path.Combine(home, ".daemon.json.swp");
        foreach (var file in (string[])[.. ours, others])
        {
            await File.WriteAllTextAsync(file, "{");
        }

        await agent.StartAgentAsync();
        await agent.UntilAsync(() => !ours.Any(File.Exists), "taken away");
        Assert.That(File.Exists(others));
    }

    [Test]
    public async Task An_engine_that_is_down_is_unknown_and_never_in_force()
    {
        await using var agent = await RunningAgent.StartAsync("{}");
        agent.Cluster.Ask("baseline", new JsonObject { ["debug"] = true });
        await agent.UntilStateAsync("baseline", HardeningState.InForce);
        await agent.Engine.StopAsync(kill: true);
        await agent.UntilStateAsync("baseline", HardeningState.Unknown);
        Assert.That(agent.Cluster.Report!.Engine!.Reachable, Is.False);
        Assert.That(await agent.Engine.TryStartAsync(default), Is.Null);
        await agent.UntilStateAsync("baseline", HardeningState.InForce);
    }

    [Test]
    public async Task Auditing_reports_differences_and_writes_nothing()
    {
        await using var agent = await RunningAgent.StartAsync("{\"debug\": false}");
        agent.Cluster.Ask("baseline", new JsonObject { ["debug"] = true, ["shutdown-timeout"] = 15 }, mode: HardeningMode.Audit);
        await agent.UntilStateAsync("baseline", HardeningState.Different);
        Assert.That(agent.Cluster.Of("baseline")!.Message, Is.EqualTo("debug is false, not true"));
        Assert.That(File.ReadAllText(agent.Engine.DaemonJson), Is.EqualTo("{\"debug\": false}"));
    }

    [Test]
    public async Task Until_the_cluster_answers_the_node_is_held_as_last_accepted()
    {
        await using var agent = await RunningAgent.StartAsync("{}");
        agent.Cluster.Ask("baseline", new JsonObject { ["debug"] = true });
        await agent.UntilStateAsync("baseline", HardeningState.InForce);
        await agent.StopAgentAsync();
        agent.Cluster.Withdraw("baseline");
        agent.Cluster.IsSynced = false;
        await File.WriteAllTextAsync(agent.Engine.DaemonJson, "{\"debug\": false}");
        await agent.StartAgentAsync();
        await agent.UntilAsync(() => agent.File["debug"]?.GetValue<bool>() == true, "held");
    }
}

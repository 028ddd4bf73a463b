using System.Text;
using System.Text.Json.Nodes;
using Portcullis.Core.Hardening;

namespace Portcullis.Core.Tests.Hardening;

internal sealed class DaemonJsonTests
{
    [TestCase("")]
    [TestCase(" \n\t")]
    public void A_file_without_content_is_as_none(string text) => Assert.That(DaemonFile.Read(Encoding.UTF8.GetBytes(text)), Is.InstanceOf<DaemonFile.Missing>());

    [TestCase("{", "is not JSON (line 1)")]
    [TestCase("{\n\"a\": 1,\n}", "is not JSON (line 3)")]
    [TestCase("{} {}", "is not JSON (line 1)")]
    [TestCase("[]", "is not a JSON object")]
    [TestCase("\"text\"", "is not a JSON object")]
    [TestCase("a: b", "is not JSON (line 1)")]
    public void What_is_no_object_in_JSON_is_broken(string text, string problem) =>
        Assert.That(DaemonFile.Read(Encoding.UTF8.GetBytes(text)), Is.EqualTo(new DaemonFile.Broken(problem)));

    [Test]
    public void Bytes_that_are_no_text_are_broken() =>
        Assert.That(DaemonFile.Read([(byte)'{', (byte)'"', 0xff, 0xfe, (byte)'"', (byte)':', (byte)'1', (byte)'}']), Is.InstanceOf<DaemonFile.Broken>());

    [Test]
    public void A_byte_order_mark_is_named() =>
        Assert.That(((DaemonFile.Broken)DaemonFile.Read([0xEF, 0xBB, 0xBF, (byte)'{', (byte)'}'])).Problem, Does.StartWith("begins with a byte order mark"));

    [Test]
    public void Deep_nesting_is_broken_and_not_a_crash() =>
        Assert.That(DaemonFile.Read(Encoding.UTF8.GetBytes("{\"a\":" + new string('[', 100_000))), Is.InstanceOf<DaemonFile.Broken>());

    [Test]
    public void Of_two_equal_keys_the_last_counts_as_for_Go_and_ours_become_one()
    {
        var file = DaemonJson.Parse("{\"debug\": true, \"mtu\": 1, \"debug\": false, \"mtu\": 2}"u8);
        Assert.That(file.Values.ToJsonString(), Does.Contain("\"debug\":false").And.Contain("\"mtu\":2"));
        var merged = file.With(new Dictionary<string, JsonNode> { ["debug"] = false }, new HashSet<string>());
        Assert.That(Encoding.UTF8.GetString(merged.ToBytes()), Is.EqualTo("{\n  \"debug\": false,\n  \"mtu\": 1,\n  \"mtu\": 2\n}\n"));
    }

    [TestCase("20.10.24+dfsg1", "20.10.24")]
    [TestCase("18.09.9", "18.09.9")]
    [TestCase("19.03.15-ee-3", "19.03.15")]
    [TestCase("29.0.0-rc.1", "29.0.0")]
    [TestCase("28.5", "28.5.0")]
    public void Versions_are_read_as_Docker_writes_them(string text, string expected)
    {
        Assert.That(EngineVersion.TryParse(text, out var version));
        Assert.That(version.ToString(), Is.EqualTo(expected));
    }

    [TestCase("")]
    [TestCase("dev")]
    [TestCase("library-import")]
    public void What_is_no_version_is_none(string text) => Assert.That(EngineVersion.TryParse(text, out _), Is.False);

    [Test]
    public void Flags_are_read_in_every_form_that_pflag_takes()
    {
        var flags = DaemonFlags.Parse(["/usr/bin/dockerd", "-D", "-Hunix:///a", "--icc=false", "--live-restore", "--storage-driver", "vfs", "--config-file", "/x.json", "--label", "a=b", "-l=warn"]);
        Assert.Multiple(() =>
        {
            Assert.That(
                DaemonKeys.All.Where(k => flags.ValueOf(k.Name) is not null).Select(k => $"{k.Name} {flags.ValueOf(k.Name)}").Order(StringComparer.Ordinal),
                Is.EqualTo(new[] { "debug true", "hosts unix:///a", "icc false", "labels a=b", "live-restore true", "log-level warn", "storage-driver vfs" }));
            Assert.That(flags.ConfigFile, Is.EqualTo("/x.json"));
        });
    }

    [TestCase("stray --icc=false", "icc false")]
    [TestCase("- --icc=false", "icc false")]
    [TestCase("-H unix:///a --debug", "debug true;hosts unix:///a")]
    [TestCase("-lwarn", "log-level warn")]
    [TestCase("--label", "labels true")]
    [TestCase("--label a=b --exec-opt native.cgroupdriver=systemd", "exec-opts native.cgroupdriver=systemd;labels a=b")]
    [TestCase("--log-driver=", "log-driver ")]
    [TestCase("--unknown value --mtu 1400", "mtu 1400")]
    [TestCase("--validate --mtu 1400", "mtu 1400")]
    public void A_flag_takes_the_next_word_unless_it_is_a_switch_or_has_its_value_already(string line, string expected)
    {
        var flags = DaemonFlags.Parse(["dockerd", .. line.Split(' ')]);
        Assert.That(
            string.Join(';', DaemonKeys.All.Where(k => flags.ValueOf(k.Name) is not null).Select(k => $"{k.Name} {flags.ValueOf(k.Name)}").Order(StringComparer.Ordinal)),
            Is.EqualTo(expected));
    }

    [TestCase(" 20.10.24 ", "20.10.24")]
    [TestCase("20.10.24.1", "20.10.24")]
    public void A_version_may_have_space_around_it_or_a_fourth_number(string text, string expected)
    {
        Assert.That(EngineVersion.TryParse(text, out var version));
        Assert.That(version.ToString(), Is.EqualTo(expected));
    }

    [Test]
    public void No_text_is_no_version() => Assert.That(EngineVersion.TryParse(null, out _), Is.False);

    [Test]
    public void A_file_that_engines_cannot_read_says_why()
    {
        Assert.That(Problem([0xFF, 0xFE, 0x7B, 0x00, 0x7D, 0x00]), Does.StartWith("begins with a byte order mark"));
        Assert.That(Problem([.. "\uFEFF{}"u8]), Does.StartWith("begins with a byte order mark"));
        Assert.That(Problem([.. "{\n1}"u8]), Is.EqualTo("is not JSON (line 2)"));
        Assert.That(Problem([.. "[]"u8]), Is.EqualTo("is not a JSON object"));
        Assert.That(DaemonFile.Read(" \n"u8), Is.InstanceOf<DaemonFile.Missing>());

        static string Problem(byte[] bytes) => ((DaemonFile.Broken)DaemonFile.Read(bytes)).Problem;
    }

    [Test]
    public void A_reload_keeps_what_the_file_no_longer_says_and_ignores_what_needs_a_restart()
    {
        var memory = LoadedConfiguration.AfterStart(DaemonJson.Parse("{\"labels\": [\"a=b\"], \"max-concurrent-downloads\": 9, \"icc\": true}"u8));
        var after = LoadedConfiguration.AfterReload(memory, DaemonJson.Parse("{\"debug\": true, \"icc\": false}"u8));
        Assert.That(after.ToJsonString(), Is.EqualTo("{\"labels\":[\"a=b\"],\"icc\":true,\"debug\":true}"));
    }
}

using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Portcullis.Core.Hardening;
using Portcullis.Objects;
using Portcullis.Objects.Json;
using Portcullis.Objects.Yaml;

namespace Portcullis.Core.Tests.Hardening;

/// <summary>Each folder is one sentence about a node: what is asked and seen (<c>given.yaml</c>), what is to be done (<c>plan.txt</c>). UPDATE_FIXTURES=1 rewrites the plans.</summary>
internal sealed class HardeningFixtureTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly FixtureFolder Examples = new("NodeHardening");

    private static IEnumerable<string> Cases => Examples.Sentences;

    [TestCaseSource(nameof(Cases))]
    public void Plan_is_as_written(string sentence)
    {
        var given = (JsonObject)KubernetesYaml.Read(Examples.ReadBytes(sentence, "given.yaml")).Documents.Single().Root;
        var observed = Observed(given);
        var desire = DesiredConfiguration.For(Hardenings(given), Labels(given["nodeLabels"]));
        var plan = HardeningPlanner.Plan(desire, observed, Now);
        if (given["permitted"]?.GetValue<bool>() == true)
        {
            plan = HardeningPlanner.Plan(desire with { PermittedRestart = plan.RestartId }, observed, Now);
        }

        var text = string.Concat(plan.Describe().Select(l => l + "\n")) is { Length: > 0 } lines ? lines : "nothing\n";
        var hardenings = NodeSelection.Of(Hardenings(given), Labels(given["nodeLabels"]));
        var report = DaemonJsonJudge.Judge(hardenings, desire, observed, plan, []);
        text += string.Concat(plan.Actions.OfType<HardeningAction.Configure>().SelectMany(Details).Select(l => l + "\n"));
        text += "--- reported\n" + string.Concat(Reported(report, plan).Select(l => l + "\n"));
        text += string.Concat(plan.Steps.OfType<ConfigureStep.Write>().Select(w => "---\n" + Encoding.UTF8.GetString(w.Content.ToBytes())));
        Examples.AssertIs(text, sentence, "plan.txt");
    }

    /// <summary>What the agent needs besides the steps: for whom, what it attributes to somebody, and whether a crash would have to be recovered from.</summary>
    private static IEnumerable<string> Details(HardeningAction.Configure action) =>
    [
        $"  on behalf of {string.Join(", ", action.OnBehalfOf)}",
        .. action.Reverts.Count > 0 ? [$"  reverts {string.Join(", ", action.Reverts)} for {string.Join(", ", action.RevertedFor)}"] : (string[])[],
        .. action.LeftForRestart.Count > 0 ? [$"  leaves {string.Join(", ", action.LeftForRestart)} for a restart"] : (string[])[],
        .. action.Steps.OfType<ConfigureStep.Write>().Where(w => w.IsRecorded).Select(_ => "  already recorded as it will be"),
    ];

    /// <summary>What the node's report says of it.</summary>
    private static IEnumerable<string> Reported(DaemonJsonReport report, HardeningPlan plan) =>
    [
        .. report.Hardenings.Select(r => $"{r.Name}: {r.State}: {r.Message}"),
        .. report.Keys.Select(k => $"{k.Key} of {k.Hardening}: wanted {k.Wanted ?? "(not shown)"}, {k.ReadFrom} shows {k.Seen ?? "nothing"}{(k.InForce ? ", in force" : "")}"),
        .. report.PendingRestart is { } pending
            ? [$"restart for {pending.Summary} of {string.Join(", ", pending.Hardenings)}{(pending.AsksPermission ? ", asks for its turn" : "")}: {pending.Reason}"]
            : (string[])[],
        .. plan.Drifted.Count > 0 ? [$"drifted: {string.Join(", ", plan.Drifted)}"] : (string[])[],
    ];

    private static HardeningObservation Observed(JsonObject given)
    {
        var engine = given.Object("engine");
        var file = given.String("file") is { } text ? DaemonFile.Read(Encoding.UTF8.GetBytes(text)) : new DaemonFile.Missing();
        var content = file is DaemonFile.Json json ? json.Content : DaemonJson.Empty;
        _ = EngineVersion.TryParse(engine.String("version"), out var version);
        return new HardeningObservation
        {
            File = file,
            LastGood = given.String("lastGood") is { } good ? DaemonJson.Parse(Encoding.UTF8.GetBytes(good)) : null,
            Engine = engine is null ? null : new EngineObservation
            {
                Version = version,
                ContainersRunning = engine["containersRunning"]?.GetValue<int>() ?? 0,
                SwarmActive = engine["swarm"]?.GetValue<bool>() ?? false,
                AuthorizationPlugins = Texts(engine.Array("authorizationPlugins")),
            },
            Settings = engine is null ? null : new EngineSettings(version, given.Object("info")),
            EngineProblem = engine is null ? "connection refused" : null,
            Rejected = given.String("rejected") is { } rejected ? new RejectedContent(rejected, "listen tcp: bad address") : null,
            Flags = DaemonFlags.Parse(["dockerd", .. Texts(engine.Array("flags"))]),
            InForce = (JsonObject?)given.Object("inForce")?.DeepClone() ?? LoadedConfiguration.AfterStart(content),
            Owned = (given.Object("owned") ?? []).ToDictionary(p => p.Key, p => Owner(p.Value!), StringComparer.Ordinal),
        };
    }

    /// <summary>A value alone is baseline's; <c>{value, of, leaving}</c> says whose it is.</summary>
    private static OwnedKey Owner(JsonNode node) => node is JsonObject { Count: > 1 } owned && owned.String("of") is { } name
        ? new OwnedKey(owned["value"]!.DeepClone(), name, RestartPolicy.Always) { IsLeaving = owned["leaving"]?.GetValue<bool>() == true }
        : new OwnedKey(node.DeepClone(), "baseline", RestartPolicy.Always);

    private static IEnumerable<NodeHardening> Hardenings(JsonObject given) => (given.Array("nodeHardenings") ?? []).OfType<JsonObject>().Select(h => new NodeHardening
    {
        Metadata = new ObjectMeta { Name = h.String("name"), DeletionTimestamp = h["deleting"]?.GetValue<bool>() == true ? Now : null },
        Spec = h.Object("spec")!.Deserialize(HardeningJsonContext.Default.NodeHardeningSpec)!,
    });

    private static Dictionary<string, string> Labels(JsonNode? labels) =>
        ((labels as JsonObject) ?? []).ToDictionary(l => l.Key, l => l.Value!.GetValue<string>(), StringComparer.Ordinal);

    private static List<string> Texts(JsonArray? list) => [.. (list ?? []).Select(t => t!.GetValue<string>())];
}

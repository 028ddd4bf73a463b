using System.Text.Json;
using System.Text.Json.Nodes;
using Portcullis.Core.Promotions;
using Portcullis.Objects.Json;
using Portcullis.Objects.Yaml;

namespace Portcullis.Core.Tests.Promotions;

/// <summary>
/// Each folder is one sentence about a policy: what is declared and seen (<c>given.yaml</c>), what is decided, done and reported (<c>plan.txt</c>).
/// UPDATE_FIXTURES=1 rewrites the plans.
/// </summary>
internal sealed class PromotionFixtureTests
{
    private static readonly FixtureFolder Examples = new("PromotionPolicy");

    private static IEnumerable<string> Cases => Examples.Sentences;

    [TestCaseSource(nameof(Cases))]
    public void Plan_is_as_written(string sentence)
    {
        var (observed, now) = Read(sentence);
        var plan = PromotionPlanner.Plan(observed, now);
        Examples.AssertIs(Text([.. Lines(plan), .. Reported(observed, plan, now)]), sentence, "plan.txt");
    }

    [TestCaseSource(nameof(Cases))]
    public void Nothing_is_left_to_do_after_the_plan(string sentence)
    {
        var (observed, now) = Read(sentence);
        var after = PromotionWorld.Apply(observed, PromotionPlanner.Plan(observed, now));
        Assert.That(PromotionPlanner.Plan(after, now).Actions, Is.Empty);
    }

    [TestCaseSource(nameof(Cases))]
    public void The_order_of_what_was_read_does_not_matter(string sentence)
    {
        var (observed, now) = Read(sentence);
        var turned = observed with { Source = [.. observed.Source.Reverse()], Target = [.. observed.Target.Reverse()], OthersToTarget = [.. observed.OthersToTarget.Reverse()] };
        Assert.That(Text(Lines(PromotionPlanner.Plan(turned, now))), Is.EqualTo(Text(Lines(PromotionPlanner.Plan(observed, now)))));
    }

    private static (PromotionObservation Observed, DateTimeOffset Now) Read(string sentence)
    {
        var given = (JsonObject)KubernetesYaml.Read(Examples.ReadBytes(sentence, "given.yaml")).Documents.Single().Root;
        return (PromotionGiven.Read(given), PromotionGiven.Time(given, "now"));
    }

    private static IEnumerable<string> Lines(PromotionPlan plan) =>
    [
        .. plan.Actions.Select(a => a.Describe()),
        .. plan.Actions.Count == 0 ? (string[])["nothing"] : [],
        "--- decided",
        .. plan.Decisions.Select(d => $"{d.Source.Tag}: {d.Decision}{(d.TargetTag is { } tag ? $" ({tag})" : "")}{(d.Reason.Length > 0 ? $": {d.Reason}" : "")}"),
        .. plan.NextChange is { } next ? [$"time changes it at {KubernetesJson.Time(next)}"] : (string[])[],
    ];

    private static IEnumerable<string> Reported(PromotionObservation observed, PromotionPlan plan, DateTimeOffset now)
    {
        var judged = PromotionJudge.Judge(observed, plan, [.. plan.Actions.Select(a => new ActionResult.Done(a))], now);
        return
        [
            "--- reported when all of it is done",
            judged.Outcome.ToString(),
            JsonSerializer.Serialize(judged.Status with { Decisions = null }, PromotionsJsonContext.Default.PromotionPolicyStatus),
            .. (judged.Status.Decisions ?? []).Select(d => $"  {JsonSerializer.Serialize(d, PromotionsJsonContext.Default.PromotionVerdict)}"),
            .. judged.Events.Select(e => $"{(e.Warning ? "Warning" : "Normal")} {e.Reason}: {e.Message}"),
        ];
    }

    private static string Text(IEnumerable<string> lines) => string.Concat(lines.Select(l => l + "\n"));
}

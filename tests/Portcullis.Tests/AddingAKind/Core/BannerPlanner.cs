using System.Text.Json.Nodes;
using Portcullis.Core;
using Portcullis.Core.Drift;
using Portcullis.Objects;

namespace Portcullis.Tests.AddingAKind.Core;

/// <summary>What to do to the ConfigMap of a banner.</summary>
internal abstract record BannerAction(ObjectKey Key) : PlannedAction
{
    public override string Id => $"ConfigMap {Key}";

    /// <summary>Make it, or make it say the right thing again.</summary>
    public sealed record Apply(ObjectKey Key, JsonObject Body, bool Exists) : BannerAction(Key)
    {
        public override string Describe() => $"{(Exists ? "change" : "create")} {Id}";
    }

    /// <summary>The banner leaves.</summary>
    public sealed record Delete(ObjectKey Key) : BannerAction(Key)
    {
        public override string Describe() => $"delete {Id}";
    }
}

/// <summary>What to do so that the ConfigMap says what the banner says.</summary>
internal static class BannerPlanner
{
    public static ObjectKey KeyIn(string @namespace) => new(@namespace, "banner");

    /// <summary>
    /// <paramref name="present"/> is the ConfigMap as it is; null when there is none. <paramref name="before"/>: the namespace in which it was shown
    /// until now.
    /// </summary>
    public static IReadOnlyList<BannerAction> Plan(BannerSpec spec, JsonObject? present, string? before)
    {
        var body = BodyOf(spec);
        BannerAction[] moved = before is null || before == spec.Namespace ? [] : [new BannerAction.Delete(KeyIn(before))];
        return DesiredState.Holds(body, present) ? moved : [new BannerAction.Apply(KeyIn(spec.Namespace), body, present is not null), .. moved];
    }

    /// <summary><paramref name="present"/>: the namespaces that have a ConfigMap of it.</summary>
    public static IReadOnlyList<BannerAction> PlanLeaving(IEnumerable<string> present) => [.. present.Select(n => new BannerAction.Delete(KeyIn(n)))];

    public static JsonObject BodyOf(BannerSpec spec) => new()
    {
        ["apiVersion"] = "v1",
        ["kind"] = "ConfigMap",
        ["metadata"] = new JsonObject
        {
            ["name"] = KeyIn(spec.Namespace).Name,
            ["namespace"] = spec.Namespace,
            ["labels"] = new JsonObject { [WellKnown.Labels.ManagedBy] = WellKnown.Labels.ManagedByValue },
        },
        ["data"] = new JsonObject { ["text"] = spec.Text },
    };
}

/// <summary>The outcome and status of a banner from the results of its actions.</summary>
internal static class BannerJudge
{
    public static Reconciled<BannerStatus> Judge(BannerSpec spec, BannerStatus? before, IReadOnlyList<ActionResult> results) => new(
        JudgeLeaving(results) ?? new Outcome.Ready($"Shown in {spec.Namespace}"),
        JudgeLeaving(results) is null ? new BannerStatus { Shown = spec.Text, Namespace = spec.Namespace } : new BannerStatus { Shown = before?.Shown, Namespace = before?.Namespace })
    {
        Events = [.. results.OfType<ActionResult.Done>().Where(r => r.Reverted is not null).Select(r => new ReportedEvent(true, "BannerReverted", $"{r.Action.Id}: changed {r.Reverted}"))],
    };

    public static Outcome? JudgeLeaving(IReadOnlyList<ActionResult> results) =>
        Outcome.Failed.Among(results);
}

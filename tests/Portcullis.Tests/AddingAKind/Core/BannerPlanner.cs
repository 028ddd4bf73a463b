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
    public static ObjectKey KeyOf(BannerSpec spec) => new(spec.Namespace, "banner");

    /// <summary><paramref name="present"/> is the ConfigMap as it is; null when there is none.</summary>
    public static IReadOnlyList<BannerAction> Plan(BannerSpec spec, JsonObject? present)
    {
        var (key, body) = (KeyOf(spec), BodyOf(spec));
        return DesiredState.Holds(body, present) ? [] : [new BannerAction.Apply(key, body, present is not null)];
    }

    public static IReadOnlyList<BannerAction> PlanLeaving(BannerSpec spec, JsonObject? present) =>
        present is null ? [] : [new BannerAction.Delete(KeyOf(spec))];

    private static JsonObject BodyOf(BannerSpec spec) => new()
    {
        ["apiVersion"] = "v1",
        ["kind"] = "ConfigMap",
        ["metadata"] = new JsonObject
        {
            ["name"] = KeyOf(spec).Name,
            ["namespace"] = spec.Namespace,
            ["labels"] = new JsonObject { [WellKnown.Labels.ManagedBy] = WellKnown.Labels.ManagedByValue },
        },
        ["data"] = new JsonObject { ["text"] = spec.Text },
    };
}

/// <summary>The outcome and status of a banner from the results of its actions.</summary>
internal static class BannerJudge
{
    public static Reconciled<BannerStatus> Judge(BannerSpec spec, IReadOnlyList<ActionResult> results) => new(
        JudgeLeaving(results) ?? new Outcome.Ready($"Shown in {spec.Namespace}"), new BannerStatus { Shown = JudgeLeaving(results) is null ? spec.Text : null })
    {
        Events = [.. results.OfType<ActionResult.Done>().Where(r => r.Reverted is not null).Select(r => new ReportedEvent(true, "BannerReverted", $"{r.Action.Id}: changed {r.Reverted}"))],
    };

    public static Outcome? JudgeLeaving(IReadOnlyList<ActionResult> results) =>
        results.OfType<ActionResult.Failed>().ToList() is { Count: > 0 } failures ? Outcome.Failed.By(failures) : null;
}

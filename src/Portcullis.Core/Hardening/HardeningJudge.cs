using System.Globalization;

namespace Portcullis.Core.Hardening;

/// <summary>
/// Judges a NodeHardening over all its nodes, from the reports of their agents. A node without a report counts as unknown,
/// never as done.
/// </summary>
public static class HardeningJudge
{
    private const int MostProblems = 20;

    /// <summary>Reports get old without any change of them.</summary>
    private static readonly TimeSpan CheckAgainIn = TimeSpan.FromMinutes(1);

    /// <summary>The age from which a report no longer counts: agents renew theirs every few minutes.</summary>
    public static TimeSpan SilentAfter { get; } = TimeSpan.FromMinutes(15);

    /// <param name="hardening">What is judged.</param>
    /// <param name="states">Its nodes.</param>
    /// <param name="failures">Restarts that could not be permitted.</param>
    public static Reconciled<NodeHardeningStatus> Judge(NodeHardening hardening, NodeStates states, IReadOnlyList<ActionResult.Failed> failures) =>
        new(Outcome.Failed.Among(failures) ?? OutcomeOf(hardening, states), StatusOf(hardening, states));

    private static NodeHardeningStatus StatusOf(NodeHardening hardening, NodeStates states) => new()
    {
        Selected = states.Selected.Count,
        InForce = states.InForce,
        Summary = string.Create(CultureInfo.InvariantCulture, $"{states.InForce}/{states.Selected.Count}"),
        PendingRestart = states.Reports.Count(s => s.PendingRestart is { } pending && pending.Hardenings.Contains(hardening.Metadata.Name!)),
        DriftReverted = states.Reports.Sum(s => s.Drift?.Reverted ?? 0),
        Problems = states.Problems.Count == 0 ? null : [.. states.Problems.Take(MostProblems)],
    };

    private static Outcome OutcomeOf(NodeHardening hardening, NodeStates states)
    {
        if (states.Selected.Count == 0)
        {
            var message = hardening.Spec.NodeSelector is { Count: > 0 } ? "nodeSelector matches no node" : "the cluster has no nodes";
            return new Outcome.Waiting(HardeningReasons.NoNodes, message, CheckAgainIn);
        }

        if (states.Problems.Count > 0)
        {
            return OutcomeOf(states);
        }

        var what = hardening.Spec.Mode == HardeningMode.Audit ? "as declared" : "in force";
        return new Outcome.Ready($"{Pluralize.Of(hardening.Spec.DaemonJson.Count, "key")} {what} on {Pluralize.Of(states.Selected.Count, "node")}", CheckAgainIn);
    }

    /// <summary>A problem that needs a change comes before one that may pass by itself.</summary>
    private static Outcome OutcomeOf(NodeStates states)
    {
        var worst = states.Problems.FirstOrDefault(p => IsFinal(p.Reason)) ?? states.Problems[0];
        var message = $"not in force on {states.Problems.Count} of {Pluralize.Of(states.Selected.Count, "node")}: {worst.Node}: {worst.Message}";
        return IsFinal(worst.Reason)
            ? new Outcome.Stalled(worst.Reason, message) { CheckAgainIn = CheckAgainIn }
            : new Outcome.Waiting(worst.Reason, message, CheckAgainIn) { IsWarning = worst.Reason is HardeningReasons.EngineUnreachable or HardeningReasons.AgentSilent };
    }

    private static bool IsFinal(string reason) =>
        reason is HardeningReasons.Refused or HardeningReasons.RolledBack or HardeningReasons.Different or HardeningReasons.NotInForce;
}

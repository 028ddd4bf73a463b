using System.Globalization;

namespace Portcullis.Core.Hardening;

/// <summary>A Node as far as selecting it goes.</summary>
public sealed record NodeFacts(string Name, IReadOnlyDictionary<string, string> Labels);

/// <summary>How a NodeHardening stands over all its nodes, as the controller tells it.</summary>
public abstract record HardeningVerdict(string Message)
{
    public sealed record InForce(string Message) : HardeningVerdict(Message);

    /// <summary>Something is under way, or not known: never Ready.</summary>
    public sealed record Waiting(string Reason, string Message) : HardeningVerdict(Message);

    /// <summary>It needs a change in Git or on a node.</summary>
    public sealed record Stalled(string Reason, string Message) : HardeningVerdict(Message);
}

/// <summary>Sums up the reports of all selected nodes. A node that says nothing counts as unknown, not as done.</summary>
public static class HardeningRollup
{
    private const int MostProblems = 20;

    /// <summary>The state of a node of which nothing is wrong; else it is one of <see cref="HardeningReasons"/>.</summary>
    public const string Good = "InForce";

    /// <summary>How old a report may be: agents renew theirs every few minutes.</summary>
    public static TimeSpan SilentAfter { get; } = TimeSpan.FromMinutes(15);

    public static (NodeHardeningStatus Status, HardeningVerdict Verdict, IReadOnlyDictionary<string, int> NodesByState) Of(
        NodeHardening hardening, IEnumerable<NodeFacts> nodes, IReadOnlyDictionary<string, NodeReport> reports, DateTimeOffset now)
    {
        var selected = nodes.Where(n => HardeningDesire.Selects(hardening.Spec, n.Labels)).OrderBy(n => n.Name, StringComparer.Ordinal).ToList();
        var problems = selected.Select(n => Problem(hardening, n.Name, reports.GetValueOrDefault(n.Name), now)).OfType<NodeProblem>().ToList();
        var good = selected.Count - problems.Count;
        var status = new NodeHardeningStatus
        {
            Selected = selected.Count,
            InForce = good,
            Summary = string.Create(CultureInfo.InvariantCulture, $"{good}/{selected.Count}"),
            PendingRestart = selected.Count(n => reports.GetValueOrDefault(n.Name)?.Status?.PendingRestart is { } p && p.Hardenings.Contains(hardening.Metadata.Name!)),
            DriftReverted = selected.Sum(n => reports.GetValueOrDefault(n.Name)?.Status?.Drift?.Reverted ?? 0),
            Problems = problems.Count == 0 ? null : [.. problems.Take(MostProblems)],
        };
        var states = problems.GroupBy(p => p.Reason).ToDictionary(g => g.Key, g => g.Count(), StringComparer.Ordinal);
        states[Good] = good;
        return (status, Verdict(hardening, selected.Count, problems), states);
    }

    private static HardeningVerdict Verdict(NodeHardening hardening, int selected, List<NodeProblem> problems)
    {
        if (selected == 0)
        {
            return new HardeningVerdict.Waiting(HardeningReasons.NoNodes,
                hardening.Spec.NodeSelector is { Count: > 0 } ? "no node has the labels of nodeSelector" : "the cluster has no node yet");
        }

        if (problems.Count == 0)
        {
            var what = hardening.Spec.Mode == HardeningMode.Audit ? "as audited" : "in force";
            return new HardeningVerdict.InForce($"{Counted.Of(hardening.Spec.DaemonJson.Count, "key")} {what} on {Counted.Of(selected, "node")}");
        }

        // What somebody must act on comes before what passes by itself.
        var worst = problems.FirstOrDefault(p => IsFinal(p.Reason)) ?? problems[0];
        var message = $"{problems.Count} of {Counted.Of(selected, "node")} not in force: {worst.Node}: {worst.Message}";
        return IsFinal(worst.Reason) ? new HardeningVerdict.Stalled(worst.Reason, message) : new HardeningVerdict.Waiting(worst.Reason, message);
    }

    private static bool IsFinal(string reason) =>
        reason is HardeningReasons.Refused or HardeningReasons.RolledBack or HardeningReasons.Different or HardeningReasons.NotInForce;

    private static NodeProblem? Problem(NodeHardening hardening, string node, NodeReport? report, DateTimeOffset now)
    {
        if (report?.Status is not { ObservedAt: { } at } status)
        {
            return Of(node, HardeningReasons.NotReported, "its agent has not reported yet");
        }

        if (now - at > SilentAfter)
        {
            return Of(node, HardeningReasons.AgentSilent, $"its agent has not reported since {at.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}");
        }

        var own = status.Hardenings?.FirstOrDefault(h => h.Name == hardening.Metadata.Name);
        if (own is null || own.Generation < (hardening.Metadata.Generation ?? 0))
        {
            return status.Engine is { Reachable: false } down
                ? Of(node, HardeningReasons.EngineUnreachable, down.Problem ?? "its engine cannot be reached")
                : Of(node, HardeningReasons.Progressing, "its agent has not come to this generation yet");
        }

        return own.State switch
        {
            HardeningState.InForce or HardeningState.Observed => null,
            HardeningState.Different => Of(node, HardeningReasons.Different, own.Message),
            HardeningState.PendingRestart => Of(node, HardeningReasons.RestartRequired, own.Message),
            HardeningState.Refused => Of(node, HardeningReasons.Refused, own.Message),
            HardeningState.RolledBack => Of(node, HardeningReasons.RolledBack, own.Message),
            HardeningState.NotInForce => Of(node, HardeningReasons.NotInForce, own.Message),
            HardeningState.Unknown => Of(node, HardeningReasons.EngineUnreachable, own.Message),
            _ => Of(node, HardeningReasons.Progressing, own.Message),
        };
    }

    private static NodeProblem Of(string node, string reason, string message) => new() { Node = node, Reason = reason, Message = message };
}

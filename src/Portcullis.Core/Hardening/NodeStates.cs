namespace Portcullis.Core.Hardening;

/// <summary>The nodes that a NodeHardening selects, and what keeps it from being in force on some.</summary>
public sealed record NodeStates(IReadOnlyList<string> Selected, IReadOnlyList<NodeProblem> Problems)
{
    /// <summary>The state of a node without a problem; with one it is its reason, one of <see cref="HardeningReasons"/>.</summary>
    public const string Good = "InForce";

    /// <summary>Of the selected nodes, as far as there are any.</summary>
    public IReadOnlyList<NodeReportStatus> Reports { get; init; } = [];

    public int InForce => Selected.Count - Problems.Count;

    /// <summary>How many nodes are in each state.</summary>
    public IReadOnlyDictionary<string, int> Counts =>
        new Dictionary<string, int>(Problems.GroupBy(p => p.Reason).Select(g => KeyValuePair.Create(g.Key, g.Count())), StringComparer.Ordinal) { [Good] = InForce };

    public static NodeStates Of(NodeHardening hardening, IEnumerable<NodeObservation> nodes, IEnumerable<NodeReport> reports, DateTimeOffset now)
    {
        var byNode = reports.ToDictionary(r => r.Metadata.Name ?? "", r => r.Status, StringComparer.Ordinal);
        var selected = nodes.Where(n => NodeSelection.Selects(hardening.Spec, n.Labels)).Select(n => n.Name).Order(StringComparer.Ordinal).ToList();
        return new NodeStates(selected, [.. selected.Select(n => ProblemOf(hardening, n, byNode.GetValueOrDefault(n), now)).OfType<NodeProblem>()])
        {
            Reports = [.. selected.Select(byNode.GetValueOrDefault).OfType<NodeReportStatus>()],
        };
    }

    private static NodeProblem? ProblemOf(NodeHardening hardening, string node, NodeReportStatus? status, DateTimeOffset now)
    {
        if (status is not { ObservedAt: { } at })
        {
            return Of(node, HardeningReasons.NotReported, "the agent has not reported yet");
        }

        if (now - at > HardeningJudge.SilentAfter)
        {
            return Of(node, HardeningReasons.AgentSilent, $"the agent has not reported since {at.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}");
        }

        var own = status.Hardenings?.FirstOrDefault(h => h.Name == hardening.Metadata.Name);
        if (own is not null && own.Generation >= (hardening.Metadata.Generation ?? 0))
        {
            return ReasonOf(own.State) is { } reason ? Of(node, reason, own.Message) : null;
        }

        return status.Engine is { Reachable: false } down
            ? Of(node, HardeningReasons.EngineUnreachable, down.Problem ?? "the engine cannot be reached")
            : Of(node, HardeningReasons.Progressing, "the agent has not processed this generation yet");
    }

    private static string? ReasonOf(HardeningState state) => state switch
    {
        HardeningState.InForce or HardeningState.Observed => null,
        HardeningState.Different => HardeningReasons.Different,
        HardeningState.PendingRestart => HardeningReasons.RestartRequired,
        HardeningState.Refused => HardeningReasons.Refused,
        HardeningState.RolledBack => HardeningReasons.RolledBack,
        HardeningState.NotInForce => HardeningReasons.NotInForce,
        HardeningState.Unknown => HardeningReasons.EngineUnreachable,
        _ => HardeningReasons.Progressing,
    };

    private static NodeProblem Of(string node, string reason, string message) => new() { Node = node, Reason = reason, Message = message };
}

namespace Portcullis.Core.Hardening;

/// <summary>A restart that may happen now.</summary>
public sealed record RestartTurn(string Node, string Id);

/// <summary>
/// Which nodes may restart their engine now, so that no NodeHardening ever has more than its maxUnavailable nodes without one. A node
/// counts as unavailable while it has a permission it has not used up, while its engine is unreachable or was rolled back, and while
/// nothing is known of it; hence a restart that goes wrong stops the rollout by itself.
/// </summary>
public static class RestartTurns
{
    /// <summary>Where the operator writes the permission on a NodeReport: the id of the one restart it is for.</summary>
    public const string Annotation = "portcullis.dev/restart-permitted";

    public static IReadOnlyList<RestartTurn> Next(
        IReadOnlyList<NodeHardening> hardenings, IReadOnlyList<NodeFacts> nodes, IReadOnlyList<NodeReport> reports, DateTimeOffset now)
    {
        var byNode = reports.Where(r => r.Metadata.Name is not null).ToDictionary(r => r.Metadata.Name!, StringComparer.Ordinal);
        var room = hardenings.ToDictionary(h => h.Metadata.Name!, h => Room(h, nodes, byNode, now), StringComparer.Ordinal);
        var turns = new List<RestartTurn>();
        foreach (var report in reports.OrderBy(r => r.Metadata.Name, StringComparer.Ordinal))
        {
            if (report.Status?.PendingRestart is not { AsksPermission: true } pending || report.Metadata.Annotation(Annotation) == pending.Id
                || IsUnavailable(report, now))
            {
                continue;
            }

            // A NodeHardening that is gone sets no pace any more; the others' paces hold all the same.
            var concerned = hardenings.Where(h => pending.Hardenings.Contains(h.Metadata.Name!) || Selects(h, report, nodes)).Select(h => h.Metadata.Name!).ToList();
            if (concerned.All(h => room[h] > 0))
            {
                turns.Add(new RestartTurn(report.Metadata.Name!, pending.Id));
                concerned.ForEach(h => room[h]--);
            }
        }

        return turns;
    }

    private static int Room(NodeHardening hardening, IReadOnlyList<NodeFacts> nodes, Dictionary<string, NodeReport> reports, DateTimeOffset now)
    {
        var selected = nodes.Where(n => HardeningDesire.Selects(hardening.Spec, n.Labels));
        var unavailable = selected.Count(n => !reports.TryGetValue(n.Name, out var report) || IsUnavailable(report, now));
        return (hardening.Spec.Rollout?.MaxUnavailable ?? 1) - unavailable;
    }

    private static bool Selects(NodeHardening hardening, NodeReport report, IReadOnlyList<NodeFacts> nodes) =>
        nodes.FirstOrDefault(n => n.Name == report.Metadata.Name) is { } node && HardeningDesire.Selects(hardening.Spec, node.Labels);

    private static bool IsUnavailable(NodeReport report, DateTimeOffset now) =>
        report.Status is not { Engine.Reachable: true, ObservedAt: { } at } status
        || now - at > HardeningRollup.SilentAfter
        || (status.PendingRestart is { } pending && report.Metadata.Annotation(Annotation) == pending.Id)
        || status.Hardenings?.Any(h => h.State == HardeningState.RolledBack) == true;
}

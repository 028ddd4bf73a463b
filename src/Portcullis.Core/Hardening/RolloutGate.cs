namespace Portcullis.Core.Hardening;

/// <summary>
/// Which nodes may restart their engine now, so that at most maxUnavailable nodes of each NodeHardening are without one. A node is
/// unavailable while it has an unused permission, while its engine is unreachable or was rolled back, and while nothing is known of it;
/// hence a failed restart stops the rollout.
/// </summary>
public static class RolloutGate
{
    /// <summary>The annotation of a NodeReport with the permission: the id of the one restart that it is for.</summary>
    public const string Annotation = "portcullis.dev/restart-permitted";

    public static IReadOnlyList<RestartPermission> Next(
        IReadOnlyList<NodeHardening> hardenings, IReadOnlyList<NodeObservation> nodes, IReadOnlyList<NodeReport> reports, DateTimeOffset now)
    {
        var byNode = reports.ToDictionary(r => r.Metadata.Name!, StringComparer.Ordinal);
        var room = hardenings.ToDictionary(h => h.Metadata.Name!, h => Room(h, nodes, byNode, now), StringComparer.Ordinal);
        var permissions = new List<RestartPermission>();
        foreach (var report in reports.OrderBy(r => r.Metadata.Name, StringComparer.Ordinal))
        {
            if (!Waits(report) || IsUnavailable(report, now))
            {
                continue;
            }

            var pending = report.Status!.PendingRestart!;

            // A deleted NodeHardening limits nothing any more; the others still do.
            var concerned = hardenings.Where(h => pending.Hardenings.Contains(h.Metadata.Name!) || Selects(h, report, nodes)).Select(h => h.Metadata.Name!).ToList();
            if (concerned.All(h => room[h] > 0))
            {
                permissions.Add(new RestartPermission(report.Metadata.Name!, pending.Id));
                concerned.ForEach(h => room[h]--);
            }
        }

        return permissions;
    }

    /// <summary>Whether a node waits for a permission that it does not have yet.</summary>
    public static bool Waits(NodeReport report) =>
        report.Status?.PendingRestart is { AsksPermission: true } pending && report.Metadata.Annotation(Annotation) != pending.Id;

    private static int Room(NodeHardening hardening, IReadOnlyList<NodeObservation> nodes, Dictionary<string, NodeReport> reports, DateTimeOffset now)
    {
        var selected = nodes.Where(n => NodeSelection.Selects(hardening.Spec, n.Labels));
        var unavailable = selected.Count(n => !reports.TryGetValue(n.Name, out var report) || IsUnavailable(report, now));
        return (hardening.Spec.Rollout?.MaxUnavailable ?? 1) - unavailable;
    }

    private static bool Selects(NodeHardening hardening, NodeReport report, IReadOnlyList<NodeObservation> nodes) =>
        nodes.FirstOrDefault(n => n.Name == report.Metadata.Name) is { } node && NodeSelection.Selects(hardening.Spec, node.Labels);

    private static bool IsUnavailable(NodeReport report, DateTimeOffset now) =>
        report.Status is not { Engine.Reachable: true, ObservedAt: { } at } status
        || now - at > HardeningJudge.SilentAfter
        || (status.PendingRestart is { } pending && report.Metadata.Annotation(Annotation) == pending.Id)
        || status.Hardenings?.Any(h => h.State == HardeningState.RolledBack) == true;
}

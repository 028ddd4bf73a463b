namespace Portcullis.Core.Hardening;

/// <summary>
/// Says which nodes still have keys of a deleted NodeHardening: in daemon.json, or in force until the engine restarts. A node that does not
/// report, and a restart that is not permitted, hold the object back only for a while.
/// </summary>
public static class HardeningRemovalJudge
{
    private const int Listed = 5;

    /// <summary>After this time the keys are left on nodes that do not report or did not restart.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan RetryIn = TimeSpan.FromSeconds(10);

    /// <summary>Null when nothing is left to wait for.</summary>
    public static Outcome? Judge(NodeHardening hardening, IReadOnlyList<NodeHardening> all, IEnumerable<NodeReport> reports, DateTimeOffset now)
    {
        var isLate = now - hardening.Metadata.DeletionTimestamp >= Grace;
        var nodes = reports.OrderBy(r => r.Metadata.Name, StringComparer.Ordinal).ToList();
        var withKeys = nodes.Where(r => HasKeys(r, hardening) && (Reports(r, now) || !isLate)).ToList();
        if (withKeys.Count > 0)
        {
            return Waiting($"its keys are still in daemon.json on {Names(withKeys)}");
        }

        var mayRestart = hardening.Spec.RestartPolicy != RestartPolicy.Never && !isLate;
        var restarting = mayRestart ? nodes.Where(r => AwaitsRestart(r, hardening, all)).ToList() : [];
        return restarting.Count > 0 ? Waiting($"its keys are in force until the engine restarts on {Names(restarting)}") : null;
    }

    private static Outcome.Waiting Waiting(string message) => new(HardeningReasons.Progressing, message, RetryIn);

    private static bool HasKeys(NodeReport report, NodeHardening hardening) => report.Status?.Keys?.Any(k => k.Hardening == hardening.Metadata.Name) == true;

    private static bool Reports(NodeReport report, DateTimeOffset now) =>
        report.Status?.Engine?.Reachable == true && now - report.Status.ObservedAt < HardeningJudge.SilentAfter;

    /// <summary>A restart that another NodeHardening needs too is not waited for when that one forbids it, or is deleted and may have forbidden it.</summary>
    private static bool AwaitsRestart(NodeReport report, NodeHardening hardening, IReadOnlyList<NodeHardening> all) =>
        report.Status?.PendingRestart is { } pending
        && pending.Hardenings.Contains(hardening.Metadata.Name!)
        && pending.Hardenings.All(h => h == hardening.Metadata.Name || all.FirstOrDefault(o => o.Metadata.Name == h)?.Spec.RestartPolicy is not (null or RestartPolicy.Never));

    private static string Names(IEnumerable<NodeReport> nodes) => string.Join(", ", nodes.Select(n => n.Metadata.Name).Take(Listed));
}

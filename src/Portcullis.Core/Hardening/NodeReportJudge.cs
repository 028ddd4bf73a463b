namespace Portcullis.Core.Hardening;

/// <summary>Puts a NodeReport together from what the tasks of the agent report, and says whether the node is as declared.</summary>
public static class NodeReportJudge
{
    private const string Succeeded = "Succeeded";

    /// <summary>From the best to the worst.</summary>
    private static readonly HardeningState[] Severity =
    [
        HardeningState.InForce, HardeningState.Observed, HardeningState.PendingRestart, HardeningState.Applying, HardeningState.Unknown,
        HardeningState.Different, HardeningState.NotInForce, HardeningState.Refused, HardeningState.RolledBack,
    ];

    /// <summary>One report of each NodeHardening from those of every task: the worst state, with the messages of the tasks that are in it.</summary>
    public static IReadOnlyList<HardeningReport> Merge(IEnumerable<IReadOnlyList<HardeningReport>> ofTasks) =>
    [
        .. from report in ofTasks.SelectMany(r => r)
           group report by report.Name into ofOne
           let worst = ofOne.MaxBy(r => Array.IndexOf(Severity, r.State))!
           select worst with
           {
               Generation = ofOne.Min(r => r.Generation),
               Message = string.Join("; ", ofOne.Where(r => r.State == worst.State).Select(r => r.Message).Distinct(StringComparer.Ordinal)),
           },
    ];

    /// <summary>Ready only when the engine answers and every NodeHardening is as declared.</summary>
    public static IReadOnlyList<Condition> Conditions(NodeReportStatus status, long generation, IReadOnlyList<Condition>? before, DateTimeOffset now)
    {
        var problem = ProblemOf(status, out var isFinal);
        var template = new Condition
        {
            Type = ConditionTypes.Ready,
            Status = problem is null ? ConditionTypes.True : ConditionTypes.False,
            ObservedGeneration = generation,
            Reason = problem?.Reason ?? Succeeded,
            Message = problem?.Message ?? MessageOf(status),
            LastTransitionTime = now,
        };
        Condition[] conditions = problem is null
            ? [template]
            : [template, template with { Type = isFinal ? ConditionTypes.Stalled : ConditionTypes.Reconciling, Status = ConditionTypes.True }];
        return [.. conditions.Select(c => c with { LastTransitionTime = before?.FirstOrDefault(b => b.Type == c.Type && b.Status == c.Status)?.LastTransitionTime ?? WholeSecond(now) })];
    }

    /// <summary>Times in Kubernetes objects are of whole seconds.</summary>
    public static DateTimeOffset WholeSecond(DateTimeOffset time) => new(time.Ticks - (time.Ticks % TimeSpan.TicksPerSecond), time.Offset);

    private static Problem? ProblemOf(NodeReportStatus status, out bool isFinal)
    {
        isFinal = false;
        if (status.Engine is { Reachable: false } engine)
        {
            return new Problem(HardeningReasons.EngineUnreachable, "", engine.Problem ?? "the engine cannot be reached");
        }

        var wrong = status.Hardenings?.Where(h => h.State is not (HardeningState.InForce or HardeningState.Observed)).ToList() ?? [];
        var final = wrong.Find(h => h.State is HardeningState.Refused or HardeningState.RolledBack or HardeningState.NotInForce or HardeningState.Different);
        isFinal = final is not null;
        return (final ?? wrong.FirstOrDefault()) is { } first ? new Problem(first.State.ToString(), "", $"{first.Name}: {first.Message}") : null;
    }

    private static string MessageOf(NodeReportStatus status)
    {
        if (status.Hardenings is not { Count: > 0 } hardenings)
        {
            return "no NodeHardening selects this node";
        }

        var observed = hardenings.Count(h => h.State == HardeningState.Observed);
        var inForce = $"{Pluralize.Of(status.Keys?.Count ?? 0, "key")} of {Pluralize.Of(hardenings.Count - observed, "NodeHardening")} in force";
        var only = $"{Pluralize.Of(observed, "NodeHardening")} suspended or in mode Audit";
        return observed == 0 ? inForce : observed == hardenings.Count ? only : $"{inForce}, {only}";
    }
}

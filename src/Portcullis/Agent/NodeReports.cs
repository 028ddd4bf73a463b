using Portcullis.Core;
using Portcullis.Core.Hardening;

namespace Portcullis.Agent;

/// <summary>Makes the status of a NodeReport from what one round found. Conditions and the time of looking are added where it is written.</summary>
internal static class NodeReports
{
    public static NodeReportStatus Status(NodeFindings findings, AgentOptions options, EngineSight sight, DaemonFileState file, AgentState state) => new()
    {
        Engine = new EngineReport
        {
            Reachable = sight.Facts is not null,
            Version = sight.Facts?.Version.ToString(),
            Pid = sight.Process?.Identity.Pid,
            StartedAt = sight.Process is { } process ? Second(process.StartedAt) : null,
            Problem = sight.Problem,
            ContainersRunning = sight.Facts?.ContainersRunning,
        },
        File = new FileReport
        {
            Path = options.DaemonJson,
            Sha256 = file.Bytes.Length == 0 ? null : HardeningAction.Hash(file.Bytes),
            Problem = file.File switch
            {
                DaemonFile.Broken broken => $"{broken.Problem}",
                DaemonFile.Untouchable untouchable => untouchable.Problem,
                _ => null,
            },
        },
        Hardenings = findings.Reports(),
        Keys = findings.Keys(),
        PendingRestart = findings.PendingRestart(),
        Drift = state.DriftReverted == 0 ? null : new DriftReport
        {
            Reverted = state.DriftReverted,
            LastTime = state.DriftTime is { } drift ? Second(drift) : null,
            LastBy = state.DriftBy,
            LastKeys = state.DriftKeys,
        },
        LastAction = state.LastAction,
        LastActionTime = state.LastActionTime is { } action ? Second(action) : null,
    };

    private static string AllIsWell(NodeReportStatus status)
    {
        var observed = status.Hardenings!.Count(h => h.State == HardeningState.Observed);
        var enforced = status.Hardenings!.Count - observed;
        var inForce = $"{Counted.Of(status.Keys?.Count ?? 0, "key")} of {Counted.Of(enforced, "NodeHardening")} in force";
        var only = $"{Counted.Of(observed, "NodeHardening")} suspended or in mode Audit";
        return observed == 0 ? inForce : enforced == 0 ? only : $"{inForce}, {only}";
    }

    /// <summary>Ready only when the engine answers and every NodeHardening is as asked.</summary>
    public static IReadOnlyList<Condition> Conditions(NodeReportStatus status, long generation, IReadOnlyList<Condition>? before, DateTimeOffset now)
    {
        var wrong = status.Hardenings?.Where(h => h.State is not (HardeningState.InForce or HardeningState.Observed)).ToList() ?? [];
        var final = wrong.Find(h => h.State is HardeningState.Refused or HardeningState.RolledBack or HardeningState.NotInForce or HardeningState.Different);
        var (ready, reason, message) = status.Engine switch
        {
            { Reachable: false } engine => (false, HardeningReasons.EngineUnreachable, engine.Problem ?? "the engine cannot be reached"),
            _ when (final ?? wrong.FirstOrDefault()) is { } first => (false, first.State.ToString(), $"{first.Name}: {first.Message}"),
            _ when status.Hardenings is not { Count: > 0 } => (true, "Succeeded", "no NodeHardening selects this node"),
            _ => (true, "Succeeded", AllIsWell(status)),
        };
        var conditions = new List<Condition> { Of(ConditionTypes.Ready, ready) };
        if (!ready)
        {
            conditions.Add(Of(final is not null && status.Engine?.Reachable == true ? ConditionTypes.Stalled : ConditionTypes.Reconciling, true));
        }

        return conditions;

        Condition Of(string type, bool holds)
        {
            var value = holds ? ConditionTypes.True : ConditionTypes.False;
            var old = before?.FirstOrDefault(c => c.Type == type);
            return new Condition
            {
                Type = type,
                Status = value,
                ObservedGeneration = generation,
                Reason = reason,
                Message = message,
                LastTransitionTime = old?.Status == value ? old.LastTransitionTime : Second(now),
            };
        }
    }

    /// <summary>Times of Kubernetes objects are of whole seconds.</summary>
    private static DateTimeOffset Second(DateTimeOffset time) => new(time.Ticks - (time.Ticks % TimeSpan.TicksPerSecond), time.Offset);
}

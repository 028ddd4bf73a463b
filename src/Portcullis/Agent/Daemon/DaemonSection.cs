using Portcullis.Agent.Engine;
using Portcullis.Core.Hardening;

namespace Portcullis.Agent.Daemon;

/// <summary>The fields of the NodeReport about daemon.json and its engine.</summary>
internal sealed class DaemonSection(string path, DaemonJsonReport report, EngineSnapshot engine, DaemonFileState file, DaemonState state)
{
    public NodeReportStatus Write(NodeReportStatus status) => status with
    {
        Engine = Engine(),
        File = File(),
        Keys = report.Keys,
        PendingRestart = report.PendingRestart,
        Drift = Drift(),
        LastAction = state.Change.LastAction,
        LastActionTime = WholeSecond(state.Change.LastActionTime),
    };

    private EngineReport Engine() => new()
    {
        Reachable = engine.Observation is not null,
        Version = engine.Observation?.Version.ToString(),
        Pid = engine.Process?.Identity.Pid,
        StartedAt = WholeSecond(engine.Process?.StartedAt),
        Problem = engine.Problem,
        ContainersRunning = engine.Observation?.ContainersRunning,
    };

    private FileReport File() => new()
    {
        Path = path,
        Sha256 = file.Bytes.Length == 0 ? null : ConfigureStep.Hash(file.Bytes),
        Problem = file.File switch
        {
            DaemonFile.Broken broken => broken.Problem,
            DaemonFile.Untouchable untouchable => untouchable.Problem,
            _ => null,
        },
    };

    private DriftReport? Drift() => state.Drift.Reverted == 0 ? null : new DriftReport
    {
        Reverted = state.Drift.Reverted,
        LastTime = WholeSecond(state.Drift.LastTime),
        LastBy = state.Drift.LastBy,
        LastKeys = state.Drift.LastKeys,
    };

    private static DateTimeOffset? WholeSecond(DateTimeOffset? time) => time is { } known ? NodeReportJudge.WholeSecond(known) : null;
}

namespace Portcullis.Core.Hardening;

/// <summary>The Events about what was done on a node.</summary>
public static class HardeningEvents
{
    /// <summary>Those of one result. An Event without NodeHardenings concerns all of the node.</summary>
    public static IEnumerable<NodeEvent> Of(ActionResult result) => result switch
    {
        ActionResult.Done { Action: HardeningAction.Configure action } done => Configured(action, done.Reverted),
        ActionResult.Done { Action: HardeningAction.RollBack { Restores: true } action } => [Warning(RolledBack(action.Error))],
        ActionResult.Failed { Problem.Reason: HardeningReasons.RolledBack } failed => [.. Kept(failed.Action), Warning(failed.Problem)],
        ActionResult.Failed { Problem.Reason: HardeningReasons.Refused } failed => [Warning(failed.Problem)],
        _ => [],
    };

    /// <summary>The engine did not run with a file that was then replaced.</summary>
    public static Problem RolledBack(string error) =>
        new(HardeningReasons.RolledBack, "", $"the engine did not run with the new daemon.json, and the previous one was restored: {error}");

    private static NodeEvent Warning(Problem problem) => new([], new ReportedEvent(true, problem.Reason, problem.Message));

    private static IEnumerable<NodeEvent> Configured(HardeningAction.Configure action, Attribution? by)
    {
        if (by is not null)
        {
            yield return new NodeEvent(
                [.. action.RevertedFor], new ReportedEvent(true, HardeningReasons.DriftReverted, $"daemon.json was changed {by}; reverted: {string.Join(", ", action.Reverts)}"));
        }

        foreach (var kept in Kept(action))
        {
            yield return kept;
        }

        if (action.Steps.OfType<ConfigureStep.Restart>().FirstOrDefault() is { } restart)
        {
            yield return new NodeEvent([], new ReportedEvent(false, HardeningReasons.Restarted, $"restarted the engine for {string.Join(", ", restart.Keys)}"));
        }
    }

    private static IEnumerable<NodeEvent> Kept(PlannedAction action) =>
        from step in (action as HardeningAction.Configure)?.Steps.OfType<ConfigureStep.KeepBroken>() ?? []
        select new NodeEvent([], new ReportedEvent(
            true, HardeningReasons.FileProblem, $"daemon.json {step.Problem}; the last good file was restored, and the agent keeps a copy as {step.CopyName}"));
}

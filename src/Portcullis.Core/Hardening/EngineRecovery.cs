namespace Portcullis.Core.Hardening;

/// <summary>What to do when the engine does not answer after a change that it was not yet seen to run with.</summary>
internal static class EngineRecovery
{
    /// <summary>Null when there is nothing to recover from.</summary>
    public static HardeningPlan? Plan(HardeningObservation observed, DateTimeOffset now)
    {
        if (observed.Engine is not null || observed.Pending is not { } pending || observed.ProcessState == EngineProcessState.Stopped)
        {
            return null;
        }

        var since = observed.DownSince is { } down && down > pending.Since ? down : pending.Since;
        if (observed.ProcessState != EngineProcessState.Failed && now - since < observed.StartBound)
        {
            return new HardeningPlan([]) { Wait = Unreachable(observed) };
        }

        var error = Unreachable(observed).Message;
        return observed.LastGood is null
            ? HardeningPlan.Refused($"the engine does not run with daemon.json, and there is no earlier copy to restore: {error}")
            : new HardeningPlan([new HardeningAction.RollBack(error) { Restores = !IsRestored(observed, observed.LastGood) }]);
    }

    private static bool IsRestored(HardeningObservation observed, DaemonJson good) =>
        observed.File is DaemonFile.Json json
        && json.Content.Means(RollBackContent.Of(json, good, [.. observed.Owned.Keys.Union(observed.GoodOwned.Keys, StringComparer.Ordinal)]));

    public static Problem Unreachable(HardeningObservation observed) =>
        new(HardeningReasons.EngineUnreachable, "", observed.EngineProblem ?? "the engine does not answer");
}

using System.Globalization;
using System.Text.Json.Nodes;

namespace Portcullis.Core.Hardening;

/// <summary>
/// Plans what to do on one node so that our keys of daemon.json are as declared and in force; other keys stay. Repeated until nothing is left;
/// each plan leaves a file with which the engine starts.
/// <code>
/// read the file ─▶ decide what may be written ─▶ write ─▶ reload, or restart when permitted ─▶ (read back by the agent)
///        │ not JSON, missing: the last good file          │ the engine fails: roll back, do not try that content again
/// </code>
/// </summary>
public static class HardeningPlanner
{
    public static HardeningPlan Plan(DesiredConfiguration desired, HardeningObservation observed, DateTimeOffset now)
    {
        if (Unusable(observed) is { } problem)
        {
            return HardeningPlan.Refused(problem);
        }

        if (EngineRecovery.Plan(observed, now) is { } recovery)
        {
            return recovery;
        }

        var file = observed.File is DaemonFile.Json json ? json.Content : observed.LastGood ?? DaemonJson.Empty;
        return observed.Engine is { } engine
            ? Configure(desired, observed, Target(desired, observed, engine.Version, file), engine.Version, now)
            : EngineDown(desired, observed, file, now);
    }

    private static string? Unusable(HardeningObservation observed) => observed switch
    {
        { File: DaemonFile.Untouchable file } => $"daemon.json {file.Problem}",
        { File: DaemonFile.Broken file, LastGood: null } => $"daemon.json {file.Problem}",
        { Engine.Version: var version } when version < EngineVersion.Oldest => $"engine {version} is not supported: upgrade it to {EngineVersion.Oldest} or newer",
        _ => null,
    };

    private static HardeningTarget Target(DesiredConfiguration desired, HardeningObservation observed, EngineVersion version, DaemonJson file)
    {
        var target = TargetDecision.Make(desired, observed, version, file);
        if (observed.Rejected is not { } rejected || rejected.Sha256 != ConfigureStep.Hash(target.File.ToBytes()))
        {
            return target;
        }

        var problem = new Problem(HardeningReasons.RolledBack, "", $"the engine did not run with this configuration, which was rolled back: {rejected.Error}");
        var hardenings = desired.Keys.Values.SelectMany(k => k.Hardenings).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);
        return HardeningTarget.AsAccepted(desired, observed, file) with { Refusals = [.. hardenings.Select(h => new Refusal(h, problem))] };
    }

    private static HardeningPlan Configure(
        DesiredConfiguration desired, HardeningObservation observed, HardeningTarget target, EngineVersion version, DateTimeOffset now)
    {
        if (target.DropsPlugins)
        {
            return new HardeningPlan([]) { Refusals = target.Refusals, Drifted = Drifted(desired, observed), Target = target.Keys };
        }

        var steps = FileSteps(desired, observed, target, now);
        var restart = new PendingRestart(desired, observed, target, version);
        if (restart.Keys.Count > 0 && restart.Wait is null)
        {
            steps.Add(new ConfigureStep.Restart(restart.Keys));
        }
        else if (restart.MayReload && (steps.Any(s => s is ConfigureStep.Write) || restart.HasReloadableChanges))
        {
            steps.Add(new ConfigureStep.Reload());
        }

        return Of(desired, observed, target, steps, restart.Wait is null ? [] : restart.Keys) with
        {
            Wait = restart.Wait,
            Refusals = target.Refusals,
            PendingRestart = restart.Keys,
            RestartId = restart.Id,
        };
    }

    /// <summary>While the engine is down only manual edits are reverted: nothing is written that no start has proven.</summary>
    private static HardeningPlan EngineDown(DesiredConfiguration desired, HardeningObservation observed, DaemonJson file, DateTimeOffset now)
    {
        var target = HardeningTarget.AsAccepted(desired, observed, file);
        return Of(desired, observed, target, FileSteps(desired, observed, target, now), []) with { Wait = EngineRecovery.Unreachable(observed) };
    }

    private static HardeningPlan Of(
        DesiredConfiguration desired, HardeningObservation observed, HardeningTarget target, List<ConfigureStep> steps, IReadOnlyList<string> leftForRestart)
    {
        var drifted = Drifted(desired, observed);
        var reverts = observed.Pending is null && steps.Exists(s => s is ConfigureStep.Write) ? drifted : [];
        var keys = target.Keys.Values.Concat(reverts.Select(k => observed.Owned[k])).Select(k => k.Hardening);
        HardeningAction[] actions = steps.Count == 0 ? [] :
        [
            new HardeningAction.Configure(steps)
            {
                Reverts = reverts,
                RevertedFor = [.. reverts.Select(k => observed.Owned[k].Hardening).Distinct(StringComparer.Ordinal)],
                LeftForRestart = leftForRestart,
                OnBehalfOf = [.. keys.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Select(ObjectKey.Cluster)],
            },
        ];
        return new HardeningPlan(actions) { Drifted = drifted, Target = target.Keys };
    }

    private static List<ConfigureStep> FileSteps(DesiredConfiguration desired, HardeningObservation observed, HardeningTarget target, DateTimeOffset now)
    {
        var steps = new List<ConfigureStep>();
        var before = observed.File is DaemonFile.Json json ? json.Content : null;
        if (before is null ? target.File.Values.Count > 0 || observed.File is DaemonFile.Broken : !before.Means(target.File))
        {
            if (observed.File is DaemonFile.Broken broken)
            {
                steps.Add(new ConfigureStep.KeepBroken(broken.Problem, string.Create(CultureInfo.InvariantCulture, $"daemon.json.broken-{now.UtcDateTime:yyyyMMdd'T'HHmmss'Z'}")));
            }

            steps.Add(Write(desired, observed, target, before?.Values ?? []));
        }
        else if (!OwnedKey.AreSame(observed.Owned, target.Owned))
        {
            steps.Add(new ConfigureStep.Own(target.Owned));
        }

        return steps;
    }

    private static ConfigureStep.Write Write(DesiredConfiguration desired, HardeningObservation observed, HardeningTarget target, JsonObject before)
    {
        var set = target.File.Values.Where(p => !JsonNode.DeepEquals(p.Value, before[p.Key]) || !before.ContainsKey(p.Key)).Select(p => p.Key).Order(StringComparer.Ordinal).ToList();
        var removed = before.Where(p => !target.File.Values.ContainsKey(p.Key)).Select(p => p.Key).Order(StringComparer.Ordinal).ToList();
        return new ConfigureStep.Write(target.File, target.Owned, set, removed)
        {
            IsRecorded = removed.Count == 0 && OwnedKey.AreSame(observed.Owned, target.Owned) && set.TrueForAll(Drifted(desired, observed).Contains),
        };
    }

    private static IReadOnlyList<string> Drifted(DesiredConfiguration desired, HardeningObservation observed)
    {
        var values = observed.File is DaemonFile.Json json ? json.Content.Values : [];
        return [.. observed.Owned.Where(p => !p.Value.IsLeaving && !desired.Held.Contains(p.Key) && !JsonNode.DeepEquals(values[p.Key], p.Value.Value))
            .Select(p => p.Key).Order(StringComparer.Ordinal)];
    }
}

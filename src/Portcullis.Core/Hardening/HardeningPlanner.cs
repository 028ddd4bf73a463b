using System.Text.Json.Nodes;

namespace Portcullis.Core.Hardening;

/// <summary>
/// What to do on one node so that our keys of daemon.json are as asked and in force: own keys, not the file. Repeated until nothing is
/// left; each step leaves a file with which the engine starts.
/// <code>
/// read the file ─▶ settle what may be written ─▶ write ─▶ reload, or restart when allowed ─▶ (read back by the agent)
///        │ not JSON, missing: the last good one            │ engine dies: roll back, do not try that content again
/// </code>
/// </summary>
public static class HardeningPlanner
{
    public static HardeningPlan Plan(HardeningDesire desired, HardeningObservation observed, DateTimeOffset now)
    {
        if (observed.File is DaemonFile.Untouchable untouchable)
        {
            return HardeningPlan.Refused($"daemon.json {untouchable.Problem}");
        }

        if (observed.File is DaemonFile.Broken broken && observed.LastGood is null)
        {
            return HardeningPlan.Refused($"daemon.json {broken.Problem}");
        }

        if (AfterFailure(observed, now) is { } recovery)
        {
            return recovery;
        }

        var file = observed.File is DaemonFile.Json json ? json.Content : observed.LastGood ?? DaemonJson.Empty;
        if (observed.Engine is null)
        {
            return Down(desired, observed, file);
        }

        var version = observed.Engine.Version;
        if (version < EngineVersion.Oldest)
        {
            return HardeningPlan.Refused($"engine {version} is older than {EngineVersion.Oldest}, the first whose keys are known here: upgrade it");
        }

        var target = HardeningTarget.Settle(desired, observed, version, file);
        if (observed.Rejected is { } rejected && rejected.Sha256 == HardeningAction.Hash(target.File.ToBytes()))
        {
            var reasons = desired.Keys.Values.SelectMany(k => k.Askers).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)
                .Select(h => new Refusal(h, $"the engine did not run with it and was rolled back: {rejected.Error}") { WasTried = true });
            target = HardeningTarget.AsAccepted(desired, observed, file) with { Refusals = [.. reasons] };
        }

        return Act(desired, observed, target, version);
    }

    private static HardeningPlan Act(HardeningDesire desired, HardeningObservation observed, HardeningTarget target, EngineVersion version)
    {
        var actions = Writes(observed, target);
        var wrote = actions.OfType<HardeningAction.Write>().Any();
        var changed = Changed(observed, target, version);
        var reloadDropsPlugins = observed.Flags.ValueOf("authorization-plugins") is not null;
        var restart = changed.Where(k => reloadDropsPlugins || NeedsRestart(k, target, version)).ToList();
        if (target.DropsPlugins)
        {
            actions = [];
            restart = [];
        }

        var id = restart.Count == 0 ? null : HardeningAction.Hash(target.File.ToBytes())[..16];
        var wait = restart.Count == 0 ? null : WaitFor(restart, id!, desired, observed, target);
        if (restart.Count > 0 && wait is null)
        {
            actions.Add(new HardeningAction.Restart(restart));
        }
        else if (!target.DropsPlugins && !reloadDropsPlugins && (wrote || changed.Count > restart.Count))
        {
            actions.Add(new HardeningAction.Reload());
        }

        if (wait is not null)
        {
            actions.Add(wait);
        }

        if (target.Refusals.Count > 0)
        {
            actions.Add(new HardeningAction.Refuse(target.Refusals));
        }

        return new HardeningPlan(actions)
        {
            Drifted = Drifted(desired, observed),
            PendingRestart = restart,
            RestartId = id,
            Target = target.Keys,
        };
    }

    /// <summary>A failed engine with a file it was never seen to start with: back to the last good one.</summary>
    private static HardeningPlan? AfterFailure(HardeningObservation observed, DateTimeOffset now)
    {
        if (observed.Engine is not null || observed.Pending is not { } pending || observed.ProcessState == EngineProcessState.Stopped)
        {
            return null;
        }

        var since = observed.DownSince is { } down && down > pending.Since ? down : pending.Since;
        var error = observed.EngineProblem ?? "it does not answer";
        if (observed.ProcessState == EngineProcessState.Failed || now - since >= observed.StartBound)
        {
            return observed.LastGood is null
                ? HardeningPlan.Refused($"the engine does not run with daemon.json and no earlier copy is known: {error}")
                : new HardeningPlan([new HardeningAction.RollBack(error)]);
        }

        return new HardeningPlan([new HardeningAction.Wait(HardeningReasons.EngineUnreachable, error)]);
    }

    /// <summary>While the engine is down only hand edits are taken back: nothing new is written that no start has proven.</summary>
    private static HardeningPlan Down(HardeningDesire desired, HardeningObservation observed, DaemonJson file)
    {
        var target = HardeningTarget.AsAccepted(desired, observed, file);
        var actions = Writes(observed, target);
        actions.Add(new HardeningAction.Wait(HardeningReasons.EngineUnreachable, observed.EngineProblem ?? "the engine does not answer"));
        return new HardeningPlan(actions) { Drifted = Drifted(desired, observed), Target = target.Keys };
    }

    private static List<HardeningAction> Writes(HardeningObservation observed, HardeningTarget target)
    {
        var actions = new List<HardeningAction>();
        var before = observed.File is DaemonFile.Json json ? json.Content : null;
        if (before is null ? target.File.Values.Count > 0 || observed.File is DaemonFile.Broken : !before.Means(target.File))
        {
            if (observed.File is DaemonFile.Broken broken)
            {
                actions.Add(new HardeningAction.KeepBroken(broken.Problem));
            }

            var old = before?.Values ?? [];
            var set = target.File.Values.Where(p => !JsonNode.DeepEquals(p.Value, old[p.Key]) || !old.ContainsKey(p.Key)).Select(p => p.Key);
            var gone = old.Where(p => !target.File.Values.ContainsKey(p.Key)).Select(p => p.Key);
            actions.Add(new HardeningAction.Write(
                target.File, target.Owned, [.. set.Order(StringComparer.Ordinal)], [.. gone.Order(StringComparer.Ordinal)]));
        }
        else if (!SameOwners(observed.Owned, target.Owned))
        {
            actions.Add(new HardeningAction.Own(target.Owned));
        }

        return actions;
    }

    private static HardeningAction.Wait? WaitFor(
        List<string> keys, string id, HardeningDesire desired, HardeningObservation observed, HardeningTarget target)
    {
        var names = string.Join(", ", keys);
        var policy = keys.Min(k => (target.Keys.GetValueOrDefault(k) ?? observed.Owned[k]).RestartPolicy);
        var running = observed.Engine!.ContainersRunning;
        return policy switch
        {
            RestartPolicy.Never => new(HardeningReasons.RestartRequired, $"{names}: in force after a restart of the engine, and restartPolicy is Never"),
            RestartPolicy.WhenIdle when running > 0 => new(HardeningReasons.RestartWaitsForIdle, $"{names}: restart once no container runs ({running} now)"),
            _ when desired.PermittedRestart != id => new(HardeningReasons.RestartWaitsForTurn, $"{names}: restart when the rollout permits it"),
            _ => null,
        };
    }

    /// <summary>Our keys whose value in force differs from the file's, absent and default being the same.</summary>
    private static List<string> Changed(HardeningObservation observed, HardeningTarget target, EngineVersion version)
    {
        var ours = target.Keys.Keys.Concat(target.Removed).Concat(observed.Owned.Keys.Except(target.Held.Keys)).Distinct(StringComparer.Ordinal);
        return [.. ours.Where(IsChanged).Order(StringComparer.Ordinal)];

        bool IsChanged(string key)
        {
            var fallback = DaemonKeys.Find(key)?.DefaultOf(version);
            return !JsonNode.DeepEquals(target.File.Values[key] ?? fallback, observed.InForce[key] ?? fallback);
        }
    }

    private static bool NeedsRestart(string name, HardeningTarget target, EngineVersion version) => DaemonKeys.Find(name) switch
    {
        { Reload: ReloadBehaviour.Always } => false,
        { Reload: ReloadBehaviour.WhenPresent } => !target.File.Values.ContainsKey(name),
        _ => true,
    };

    private static IReadOnlyList<string> Drifted(HardeningDesire desired, HardeningObservation observed)
    {
        var values = observed.File is DaemonFile.Json json ? json.Content.Values : [];
        return [.. observed.Owned.Where(p => !p.Value.IsLeaving && !desired.Held.Contains(p.Key) && !JsonNode.DeepEquals(values[p.Key], p.Value.Value))
            .Select(p => p.Key).Order(StringComparer.Ordinal)];
    }

    private static bool SameOwners(IReadOnlyDictionary<string, OwnedKey> left, IReadOnlyDictionary<string, OwnedKey> right) =>
        left.Count == right.Count && left.All(p => right.TryGetValue(p.Key, out var other) && other.Hardening == p.Value.Hardening
            && other.RestartPolicy == p.Value.RestartPolicy && other.IsLeaving == p.Value.IsLeaving && JsonNode.DeepEquals(other.Value, p.Value.Value));
}

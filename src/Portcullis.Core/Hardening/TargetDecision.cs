namespace Portcullis.Core.Hardening;

/// <summary>Decides what may be written: a NodeHardening with any problem stays as it was last accepted, whole; the others are applied.</summary>
internal sealed class TargetDecision(DesiredConfiguration desired, HardeningObservation observed, EngineVersion version, DaemonJson file)
{
    private readonly List<Refusal> _refusals = [];

    /// <summary>Names of the NodeHardenings that are not applied.</summary>
    private readonly HashSet<string> _refused = new(StringComparer.Ordinal);

    public static HardeningTarget Make(DesiredConfiguration desired, HardeningObservation observed, EngineVersion version, DaemonJson file) =>
        new TargetDecision(desired, observed, version, file).Decide();

    private HardeningTarget Decide()
    {
        RefuseConflicts();
        RefuseWrongKeys();
        if (PluginGuard.NoLongerDeclared(desired, observed) is { } plugins)
        {
            _refusals.Add(PluginGuard.Refuse(plugins.Hardening, PluginGuard.Strings(plugins.Value)));
        }

        // Without a refused NodeHardening the file is another, and may have another problem.
        while (true)
        {
            var target = Target();
            var count = _refused.Count;
            Refuse(Problems(target).Where(r => r.Hardening.Length == 0 || !_refused.Contains(r.Hardening)).ToList());
            if (_refused.Count == count)
            {
                return target with { Refusals = [.. _refusals.Distinct()], DropsPlugins = PluginGuard.Dropped(target.File, observed).Count > 0 };
            }
        }
    }

    private void Refuse(IReadOnlyList<Refusal> refusals)
    {
        _refusals.AddRange(refusals);
        _refused.UnionWith(refusals.Select(r => r.Hardening).Where(h => h.Length > 0));
    }

    private void RefuseConflicts()
    {
        _refusals.AddRange(desired.Conflicts.Select(c => Refusal.Of("", "", c)));
        if (desired.Conflicts.Count > 0)
        {
            _refused.UnionWith(desired.Keys.Values.SelectMany(k => k.Hardenings));
        }
    }

    private void RefuseWrongKeys()
    {
        foreach (var (key, value) in desired.Keys.OrderBy(p => p.Key, StringComparer.Ordinal))
        {
            if (DaemonKeyCheck.On(version, key, value.Value) is { } problem)
            {
                Refuse([.. value.Hardenings.Select(h => new Refusal(h, problem))]);
            }
        }
    }

    /// <summary>What would stop the engine although each key is right. Keys of others among themselves are not ours to judge.</summary>
    private IEnumerable<Refusal> Problems(HardeningTarget target)
    {
        foreach (var conflict in DaemonCombinations.Check(target.File.Values, version, observed))
        {
            foreach (var owner in conflict.Keys.Where(target.Keys.ContainsKey).GroupBy(k => target.Keys[k].Hardening, StringComparer.Ordinal))
            {
                yield return Refusal.Of(owner.Key, owner.First(), conflict.Message);
            }
        }

        if (PluginGuard.Dropped(target.File, observed) is { Count: > 0 } dropped)
        {
            yield return PluginGuard.Refuse(target.Keys.GetValueOrDefault(PluginGuard.Key)?.Hardening ?? "", dropped);
        }
    }

    private HardeningTarget Target()
    {
        var keys = new Dictionary<string, OwnedKey>(StringComparer.Ordinal);
        foreach (var (key, value) in desired.Keys)
        {
            if (value.Without(_refused) is { } accepted)
            {
                keys[key] = new OwnedKey(accepted.Value, accepted.Hardening, accepted.RestartPolicy);
            }
        }

        foreach (var (key, owned) in observed.Owned.Where(p => _refused.Contains(p.Value.Hardening) && !p.Value.IsLeaving && !desired.Held.Contains(p.Key)))
        {
            keys.TryAdd(key, owned);
        }

        var removal = new KeyRemoval(observed, version);
        foreach (var (key, owned) in observed.Owned.Where(p => !keys.ContainsKey(p.Key) && !desired.Held.Contains(p.Key)))
        {
            removal.Remove(key, owned, isProtected: key == PluginGuard.Key && PluginGuard.NoLongerDeclared(desired, observed) is not null);
        }

        return HardeningTarget.Of(
            desired, observed, file, keys.Concat(removal.Kept).ToDictionary(p => p.Key, p => p.Value, StringComparer.Ordinal), removal.Removed, removal.Leaving);
    }
}

using System.Text.Json.Nodes;

namespace Portcullis.Core.Hardening;

/// <summary>What the file should hold of ours, after everything that may not be written was taken out.</summary>
internal sealed record HardeningTarget
{
    /// <summary>Keys to be in the file, with whose they are. A key on its way out stands here with its default.</summary>
    public required IReadOnlyDictionary<string, OwnedKey> Keys { get; init; }

    /// <summary>Keys we owned that leave the file now.</summary>
    public required IReadOnlySet<string> Removed { get; init; }

    /// <summary>Owned keys that are left alone for now.</summary>
    public required IReadOnlyDictionary<string, OwnedKey> Held { get; init; }

    /// <summary>Of those removed, the ones that stay ours until a restart has made the engine forget them.</summary>
    public required IReadOnlyDictionary<string, OwnedKey> Leaving { get; init; }

    public required DaemonJson File { get; init; }

    public required IReadOnlyList<Refusal> Refusals { get; init; }

    /// <summary>Somebody took the plugin in force out of the file: until it is back, nothing may make the engine read it.</summary>
    public bool DropsPlugins { get; init; }

    public IReadOnlyDictionary<string, OwnedKey> Owned =>
        Keys.Concat(Held).Concat(Leaving).ToDictionary(p => p.Key, p => p.Value, StringComparer.Ordinal);

    /// <summary>
    /// Settles what may be written: a NodeHardening with anything wrong stays as it was last accepted, whole; the others go on.
    /// </summary>
    public static HardeningTarget Settle(HardeningDesire desired, HardeningObservation observed, EngineVersion version, DaemonJson file)
    {
        var refusals = desired.Conflicts.Select(c => new Refusal("", c)).ToList();
        var refused = new HashSet<string>(StringComparer.Ordinal);
        if (desired.Conflicts.Count > 0)
        {
            refused.UnionWith(desired.Keys.Values.SelectMany(k => k.Askers));
        }

        foreach (var (key, asked) in desired.Keys.OrderBy(p => p.Key, StringComparer.Ordinal))
        {
            if (DaemonKeyCheck.On(version, key, asked.Value) is { } problem)
            {
                refusals.AddRange(asked.Askers.Select(h => new Refusal(h, problem)));
                refused.UnionWith(asked.Askers);
            }
        }

        if (LeavingPlugins(desired, observed) is { } leaving)
        {
            refusals.Add(new Refusal(leaving.Hardening, Dropped(Strings(leaving.Value))));
        }

        while (true)
        {
            var target = Of(desired, observed, version, file, refused);
            var more = Wrong(target, version, observed).Where(r => r.Hardening.Length == 0 || !refused.Contains(r.Hardening)).ToList();
            refusals.AddRange(more);
            var count = refused.Count;
            refused.UnionWith(more.Where(r => r.Hardening.Length > 0).Select(r => r.Hardening));
            if (refused.Count == count)
            {
                return target with { Refusals = [.. refusals.Distinct()], DropsPlugins = DroppedPlugins(target, observed).Count > 0 };
            }
        }
    }

    /// <summary>Everything as last accepted: for an engine that is down, or content it has refused.</summary>
    public static HardeningTarget AsAccepted(HardeningDesire desired, HardeningObservation observed, DaemonJson file)
    {
        var ours = observed.Owned.Where(p => !desired.Held.Contains(p.Key)).ToList();
        var keys = ours.Where(p => !p.Value.IsLeaving).ToDictionary(p => p.Key, p => p.Value, StringComparer.Ordinal);
        var leaving = ours.Where(p => p.Value.IsLeaving).ToDictionary(p => p.Key, p => p.Value, StringComparer.Ordinal);
        var removed = leaving.Keys.ToHashSet(StringComparer.Ordinal);
        return Unrefused(desired, observed, file, keys, removed, leaving);
    }

    private static HardeningTarget Of(
        HardeningDesire desired, HardeningObservation observed, EngineVersion version, DaemonJson file, HashSet<string> refused)
    {
        var keys = new Dictionary<string, OwnedKey>(StringComparer.Ordinal);
        foreach (var (key, asked) in desired.Keys)
        {
            if (asked.Without(refused) is { } accepted)
            {
                keys[key] = new OwnedKey(accepted.Value, accepted.Hardening, accepted.RestartPolicy);
            }
        }

        foreach (var (key, owned) in observed.Owned.Where(p => refused.Contains(p.Value.Hardening) && !p.Value.IsLeaving && !desired.Held.Contains(p.Key)))
        {
            keys.TryAdd(key, owned);
        }

        var removed = new HashSet<string>(StringComparer.Ordinal);
        var leaving = new Dictionary<string, OwnedKey>(StringComparer.Ordinal);
        foreach (var (key, owned) in observed.Owned.Where(p => !keys.ContainsKey(p.Key) && !desired.Held.Contains(p.Key)).ToList())
        {
            // SIGHUP does not unset: the default goes in first, and the key goes out once that is in force.
            if (key == "authorization-plugins" && LeavingPlugins(desired, observed) is not null)
            {
                keys[key] = owned;
            }
            else if (DefaultToWriteFirst(key, observed, version) is { } value)
            {
                keys[key] = owned with { Value = value };
            }
            else
            {
                removed.Add(key);
                if (StaysInMemory(key, observed, version))
                {
                    leaving[key] = owned with { IsLeaving = true };
                }
            }
        }

        return Unrefused(desired, observed, file, keys, removed, leaving);
    }

    private static HardeningTarget Unrefused(
        HardeningDesire desired,
        HardeningObservation observed,
        DaemonJson file,
        Dictionary<string, OwnedKey> keys,
        HashSet<string> removed,
        Dictionary<string, OwnedKey> leaving) => new()
        {
            Keys = keys,
            Removed = removed,
            Held = HeldOf(desired, observed),
            Leaving = leaving,
            File = Merge(file, keys, removed),
            Refusals = [],
        };

    private static bool StaysInMemory(string name, HardeningObservation observed, EngineVersion version) =>
        DaemonKeys.Find(name) is { } key && key.Reload != ReloadBehaviour.Always && observed.InForce[name] is { } value
        && !JsonNode.DeepEquals(value, key.DefaultOf(version));

    private static JsonNode? DefaultToWriteFirst(string name, HardeningObservation observed, EngineVersion version)
    {
        if (DaemonKeys.Find(name) is not { Reload: ReloadBehaviour.WhenPresent } key || key.DefaultOf(version) is not { } value || observed.Engine is null)
        {
            return null;
        }

        var inForce = observed.InForce[name];
        return inForce is null || JsonNode.DeepEquals(inForce, value) ? null : value;
    }

    private static IEnumerable<Refusal> Wrong(HardeningTarget target, EngineVersion version, HardeningObservation observed)
    {
        foreach (var (keys, message) in DaemonCombinations.Check(target.File.Values, version, observed))
        {
            // Foreign keys among themselves are not ours to judge.
            var owners = keys.Where(target.Keys.ContainsKey).Select(k => target.Keys[k].Hardening).Distinct(StringComparer.Ordinal);
            foreach (var owner in owners)
            {
                yield return new Refusal(owner, message);
            }
        }

        if (DroppedPlugins(target, observed) is { Count: > 0 } dropped)
        {
            yield return new Refusal(target.Keys.GetValueOrDefault("authorization-plugins")?.Hardening ?? "", Dropped(dropped));
        }
    }

    private static string Dropped(IEnumerable<string> plugins) =>
        $"authorization-plugins would lose {string.Join(", ", plugins)}, and a reload then lets every request through: keep it in the list";

    private static List<string> DroppedPlugins(HardeningTarget target, HardeningObservation observed) =>
        observed.Flags.ValueOf("authorization-plugins") is not null
            ? []
            : [.. InForcePlugins(observed).Except(Strings(target.File.Values["authorization-plugins"]), StringComparer.Ordinal)];

    private static OwnedKey? LeavingPlugins(HardeningDesire desired, HardeningObservation observed) =>
        observed.Owned.TryGetValue("authorization-plugins", out var owned) && !desired.Keys.ContainsKey("authorization-plugins")
            && !desired.Held.Contains("authorization-plugins") && InForcePlugins(observed).Count > 0
            ? owned
            : null;

    private static IReadOnlyList<string> InForcePlugins(HardeningObservation observed) =>
        observed.Engine?.AuthorizationPlugins ?? Strings(observed.LastGood?.Values["authorization-plugins"]);

    private static IReadOnlyList<string> Strings(JsonNode? list) =>
        list is JsonArray array ? [.. array.OfType<JsonValue>().Where(v => v.TryGetValue(out string? _)).Select(v => v.GetValue<string>())] : [];

    private static Dictionary<string, OwnedKey> HeldOf(HardeningDesire desired, HardeningObservation observed) =>
        observed.Owned.Where(p => desired.Held.Contains(p.Key)).ToDictionary(p => p.Key, p => p.Value, StringComparer.Ordinal);

    private static DaemonJson Merge(DaemonJson file, Dictionary<string, OwnedKey> keys, HashSet<string> removed) =>
        file.With(keys.ToDictionary(p => p.Key, p => p.Value.Value, StringComparer.Ordinal), removed);
}

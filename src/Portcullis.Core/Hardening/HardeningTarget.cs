namespace Portcullis.Core.Hardening;

/// <summary>What of ours the file should have, after everything that may not be written was refused.</summary>
internal sealed record HardeningTarget
{
    /// <summary>Keys to be in the file, with their owners. A key that is being removed has its default here.</summary>
    public required IReadOnlyDictionary<string, OwnedKey> Keys { get; init; }

    /// <summary>Our keys that are removed from the file now.</summary>
    public required IReadOnlySet<string> Removed { get; init; }

    /// <summary>Our keys that are left as they are.</summary>
    public required IReadOnlyDictionary<string, OwnedKey> Held { get; init; }

    /// <summary>Of those removed, the ones that stay ours because they are in force until the engine restarts.</summary>
    public required IReadOnlyDictionary<string, OwnedKey> Leaving { get; init; }

    public required DaemonJson File { get; init; }

    public IReadOnlyList<Refusal> Refusals { get; init; } = [];

    /// <summary>A plugin in force is missing in the file: until it is back, the engine must not read the file.</summary>
    public bool DropsPlugins { get; init; }

    public IReadOnlyDictionary<string, OwnedKey> Owned =>
        Keys.Concat(Held).Concat(Leaving).ToDictionary(p => p.Key, p => p.Value, StringComparer.Ordinal);

    /// <summary>Everything as last accepted: for an engine that is down, or content that it rejected.</summary>
    public static HardeningTarget AsAccepted(DesiredConfiguration desired, HardeningObservation observed, DaemonJson file)
    {
        var ours = observed.Owned.Where(p => !desired.Held.Contains(p.Key)).ToLookup(p => p.Value.IsLeaving);
        var leaving = ours[true].ToDictionary(p => p.Key, p => p.Value, StringComparer.Ordinal);
        return Of(desired, observed, file, ours[false].ToDictionary(p => p.Key, p => p.Value, StringComparer.Ordinal), leaving.Keys.ToHashSet(StringComparer.Ordinal), leaving);
    }

    public static HardeningTarget Of(
        DesiredConfiguration desired,
        HardeningObservation observed,
        DaemonJson file,
        IReadOnlyDictionary<string, OwnedKey> keys,
        IReadOnlySet<string> removed,
        IReadOnlyDictionary<string, OwnedKey> leaving) => new()
        {
            Keys = keys,
            Removed = removed,
            Held = observed.Owned.Where(p => desired.Held.Contains(p.Key)).ToDictionary(p => p.Key, p => p.Value, StringComparer.Ordinal),
            Leaving = leaving,
            File = file.With(keys.ToDictionary(p => p.Key, p => p.Value.Value, StringComparer.Ordinal), removed),
        };
}

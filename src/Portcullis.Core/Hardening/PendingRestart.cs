using System.Text.Json.Nodes;

namespace Portcullis.Core.Hardening;

/// <summary>Which of our keys only a restart of the engine puts in force, and what the restart waits for.</summary>
internal sealed class PendingRestart
{
    private readonly HardeningObservation _observed;
    private readonly HardeningTarget _target;
    private readonly EngineVersion _version;

    public PendingRestart(DesiredConfiguration desired, HardeningObservation observed, HardeningTarget target, EngineVersion version)
    {
        (_observed, _target, _version) = (observed, target, version);

        // A reload takes plugins that were given by a flag out of force.
        MayReload = observed.Flags.ValueOf("authorization-plugins") is null;
        var changed = Changed();
        Keys = [.. changed.Where(k => !MayReload || NeedsRestart(k))];
        HasReloadableChanges = changed.Exists(k => !AreSame(k, AfterReload(k), _observed.InForce[k]));
        Id = Keys.Count == 0 ? null : ConfigureStep.Hash(target.File.ToBytes())[..16];
        Wait = Keys.Count == 0 ? null : WaitFor(desired.PermittedRestart);
    }

    public IReadOnlyList<string> Keys { get; }

    public bool MayReload { get; }

    public bool HasReloadableChanges { get; }

    /// <summary>Identifies the restart; null when none is pending.</summary>
    public string? Id { get; }

    /// <summary>Null when the engine may restart now, or need not.</summary>
    public Problem? Wait { get; }

    private Problem? WaitFor(string? permitted)
    {
        var names = string.Join(", ", Keys);
        var policy = Keys.Min(k => (_target.Keys.GetValueOrDefault(k) ?? _observed.Owned[k]).RestartPolicy);
        var running = _observed.Engine!.ContainersRunning;
        return policy switch
        {
            RestartPolicy.Never => new(HardeningReasons.RestartRequired, "", $"{names}: requires a restart of the engine, but restartPolicy is Never"),
            RestartPolicy.WhenIdle when running > 0 => new(HardeningReasons.RestartWaitsForIdle, "", $"{names}: waiting until no container runs before the engine restarts ({running} running)"),
            _ when permitted != Id => new(HardeningReasons.RestartWaitsForTurn, "", $"{names}: waiting for the rollout to permit a restart of the engine"),
            _ => null,
        };
    }

    /// <summary>Our keys whose value in force differs from the file's; a missing key has its default.</summary>
    private List<string> Changed()
    {
        var ours = _target.Keys.Keys.Concat(_observed.Owned.Keys.Except(_target.Held.Keys)).Distinct(StringComparer.Ordinal);
        return [.. ours.Where(IsChanged).Order(StringComparer.Ordinal)];
    }

    private bool IsChanged(string key) => !AreSame(key, _target.File.Values[key], _observed.InForce[key]);

    private bool NeedsRestart(string key) => !AreSame(key, AfterReload(key), _target.File.Values[key]);

    private JsonNode? AfterReload(string key) => ReloadEffect.Of(DaemonKeys.Find(key), _target.File.Values, _observed.InForce[key]);

    private bool AreSame(string key, JsonNode? one, JsonNode? other)
    {
        var fallback = DaemonKeys.Find(key)?.DefaultOf(_version);
        return JsonNode.DeepEquals(one ?? fallback, other ?? fallback);
    }
}

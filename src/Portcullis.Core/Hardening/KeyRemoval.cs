using System.Text.Json.Nodes;

namespace Portcullis.Core.Hardening;

/// <summary>
/// Takes our keys out of the file and out of force. A SIGHUP does not unset a key: its default is written first, and the key is removed once
/// the default is in force; any other key stays in force until a restart.
/// </summary>
internal sealed class KeyRemoval(HardeningObservation observed, EngineVersion version)
{
    private readonly Dictionary<string, OwnedKey> _kept = new(StringComparer.Ordinal);
    private readonly Dictionary<string, OwnedKey> _leaving = new(StringComparer.Ordinal);
    private readonly HashSet<string> _removed = new(StringComparer.Ordinal);

    /// <summary>Keys that stay in the file for now.</summary>
    public IReadOnlyDictionary<string, OwnedKey> Kept => _kept;

    public IReadOnlySet<string> Removed => _removed;

    /// <summary>Of the removed keys, those in force until the engine restarts.</summary>
    public IReadOnlyDictionary<string, OwnedKey> Leaving => _leaving;

    public void Remove(string key, OwnedKey owned, bool isProtected)
    {
        if (isProtected)
        {
            _kept[key] = owned;
        }
        else if (DefaultToWriteFirst(key) is { } value)
        {
            _kept[key] = owned with { Value = value };
        }
        else
        {
            _removed.Add(key);
            if (StaysInForce(key))
            {
                _leaving[key] = owned with { IsLeaving = true };
            }
        }
    }

    private bool StaysInForce(string name) =>
        DaemonKeys.Find(name) is { } key && ReloadEffect.Of(key, [], observed.InForce[name]) is { } value && !JsonNode.DeepEquals(value, key.DefaultOf(version));

    private JsonNode? DefaultToWriteFirst(string name)
    {
        if (DaemonKeys.Find(name) is not { Reload: ReloadBehaviour.WhenPresent } key || key.DefaultOf(version) is not { } value || observed.Engine is null)
        {
            return null;
        }

        var inForce = observed.InForce[name];
        return inForce is null || JsonNode.DeepEquals(inForce, value) ? null : value;
    }
}

namespace Portcullis.Core.Trust.Tuf;

/// <summary>Who may sign a role.</summary>
/// <param name="keys">The keys, each once.</param>
/// <param name="threshold">How many of them must have signed; at least 1.</param>
public sealed class AuthorizedKeys(IReadOnlyList<TufKey> keys, int threshold)
{
    private Dictionary<string, TufKey>? _byId;

    public IReadOnlyList<TufKey> Keys => keys;

    public int Threshold => threshold;

    /// <summary>Null when the key may not sign it.</summary>
    public TufKey? Find(string id) => (_byId ??= keys.DistinctBy(k => k.Id).ToDictionary(k => k.Id, StringComparer.Ordinal)).GetValueOrDefault(id);
}

using System.Collections.Immutable;

namespace Portcullis.Core.Trust.Tuf;

/// <summary>
/// The highest version seen of each role: an older one is refused (TUF specification 5.4.3, 5.5.5, 5.6.4). A floor holds as long as a key that may sign the role
/// now could sign it then. When all of its keys were exchanged, it starts again (5.3.11): somebody who had the old ones may have driven the version up.
/// </summary>
internal sealed class RoleFloors
{
    public static readonly RoleFloors None = new(ImmutableDictionary.Create<string, Floor>(StringComparer.Ordinal));

    private readonly ImmutableDictionary<string, Floor> _floors;

    private RoleFloors(ImmutableDictionary<string, Floor> floors) => _floors = floors;

    private sealed record Floor(long Version, ImmutableHashSet<string> Keys);

    public bool Knows(string role) => _floors.ContainsKey(role);

    /// <summary>The least version that is taken.</summary>
    public long Of(string role, AuthorizedKeys keys) => _floors.TryGetValue(role, out var floor) && keys.Keys.Any(k => floor.Keys.Contains(k.Id)) ? floor.Version : 0;

    public RoleFloors With(string role, long version, AuthorizedKeys keys) =>
        _floors.TryGetValue(role, out var floor) && floor.Version == version && keys.Keys.All(k => floor.Keys.Contains(k.Id)) && floor.Keys.Count == keys.Keys.Count ? this
            : new(_floors.SetItem(role, new Floor(version, keys.Keys.Select(k => k.Id).ToImmutableHashSet(StringComparer.Ordinal))));
}

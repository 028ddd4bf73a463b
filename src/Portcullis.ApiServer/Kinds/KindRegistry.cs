using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Portcullis.ApiServer.Storage;

namespace Portcullis.ApiServer.Kinds;

/// <summary>
/// Every kind the API serves now: the built-in ones and those of established CRDs. A reader takes <see cref="Current"/>, an immutable
/// catalog; the store's CRD events replace it.
/// </summary>
internal sealed class KindRegistry : IKindDirectory
{
    private readonly ImmutableArray<ServedKind> _builtIn;
    private readonly Lock _lock = new();
    private ServedKinds _current;

    public KindRegistry(IReadOnlyList<ServedKind> builtIn)
    {
        _builtIn = [.. builtIn];
        _current = new ServedKinds(1, _builtIn, ImmutableDictionary<string, ImmutableArray<ServedKind>>.Empty);
    }

    public ServedKinds Current => Volatile.Read(ref _current);

    public IReadOnlyList<ApiResource> All => Current.Kinds
        .Where(k => k.Resource.Version == k.StorageVersion && k.FromStorage is null)
        .Select(k => k.Resource)
        .ToList();

    public ApiResource? Find(string apiVersion, string kind) =>
        Current.Kinds.FirstOrDefault(k => k.Resource.ApiVersion == apiVersion && k.Resource.Kind == kind)?.Resource;

    /// <summary>Follows the store: a CRD's event changes what is served before anybody can read it.</summary>
    public void OnEvent(StoreEvent change)
    {
        if (change.Object.Resource.QualifiedPlural == StandardKinds.Crds.QualifiedPlural)
        {
            Set(change.Object.Key.Name, change.Type == "DELETED" ? null : change.Object.Object);
        }
    }

    /// <summary>Serves what the CRD defines, if it is established; nothing of it otherwise.</summary>
    public void Set(string name, JsonObject? crd)
    {
        lock (_lock)
        {
            var kinds = crd is null ? [] : CustomKinds.From(crd);
            var custom = kinds.IsEmpty ? _current.Custom.Remove(name) : _current.Custom.SetItem(name, kinds);
            Volatile.Write(ref _current, new ServedKinds(_current.Generation + 1, _builtIn, custom));
        }
    }
}

/// <summary>The kinds at one moment. <see cref="Generation"/> changes whenever they do, for caches of discovery and OpenAPI.</summary>
internal sealed class ServedKinds
{
    private readonly Dictionary<(string Group, string Version, string Plural), ServedKind> _byPath = [];

    public ServedKinds(
        long generation, ImmutableArray<ServedKind> builtIn, ImmutableDictionary<string, ImmutableArray<ServedKind>> custom)
    {
        Generation = generation;
        Custom = custom;
        Kinds = [.. builtIn, .. custom.OrderBy(c => c.Key, StringComparer.Ordinal).SelectMany(c => c.Value)];
        foreach (var kind in Kinds)
        {
            _byPath[(kind.Resource.Group, kind.Resource.Version, kind.Resource.Plural)] = kind;
        }
    }

    public long Generation { get; }

    public ImmutableArray<ServedKind> Kinds { get; }

    public ImmutableDictionary<string, ImmutableArray<ServedKind>> Custom { get; }

    public bool Serves(string group, string version) => Kinds.Any(k => k.Resource.Group == group && k.Resource.Version == version);

    public ServedKind? Find(string group, string version, string plural) => _byPath.GetValueOrDefault((group, version, plural));
}

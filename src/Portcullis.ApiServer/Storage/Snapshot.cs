using System.Collections.Immutable;

namespace Portcullis.ApiServer.Storage;

/// <summary>A kind's identity in storage: versions of one kind share it.</summary>
internal readonly record struct StorageKind(string Group, string Plural)
{
    public static StorageKind Of(ApiResource resource) => new(resource.Group, resource.Plural);
}

/// <summary>The objects of one kind at one version, by namespace and name; immutable, so a reader needs no lock.</summary>
internal sealed class KindSnapshot
{
    public static readonly KindSnapshot Empty = new(
        ImmutableSortedDictionary.Create<string, ImmutableSortedDictionary<string, StoredObject>>(StorageOrder.Namespaces));

    private static readonly ImmutableSortedDictionary<string, StoredObject> NoObjects =
        ImmutableSortedDictionary.Create<string, StoredObject>(StringComparer.Ordinal);

    private readonly ImmutableSortedDictionary<string, ImmutableSortedDictionary<string, StoredObject>> _namespaces;

    private KindSnapshot(ImmutableSortedDictionary<string, ImmutableSortedDictionary<string, StoredObject>> namespaces) =>
        _namespaces = namespaces;

    public StoredObject? Get(ObjectKey key) =>
        _namespaces.TryGetValue(key.Namespace, out var objects) && objects.TryGetValue(key.Name, out var stored) ? stored : null;

    public KindSnapshot With(StoredObject stored)
    {
        var objects = _namespaces.GetValueOrDefault(stored.Key.Namespace, NoObjects);
        return new(_namespaces.SetItem(stored.Key.Namespace, objects.SetItem(stored.Key.Name, stored)));
    }

    public KindSnapshot Without(ObjectKey key)
    {
        if (!_namespaces.TryGetValue(key.Namespace, out var objects))
        {
            return this;
        }

        var rest = objects.Remove(key.Name);
        return new(rest.IsEmpty ? _namespaces.Remove(key.Namespace) : _namespaces.SetItem(key.Namespace, rest));
    }

    /// <summary>Everything, or one namespace, in storage order.</summary>
    public IEnumerable<StoredObject> In(string @namespace)
    {
        if (@namespace.Length > 0)
        {
            return _namespaces.TryGetValue(@namespace, out var objects) ? objects.Values : [];
        }

        return _namespaces.Values.SelectMany(objects => objects.Values);
    }
}

/// <summary>The whole store at one version.</summary>
internal sealed record Snapshot(long Version, ImmutableDictionary<StorageKind, KindSnapshot> Kinds)
{
    public static readonly Snapshot Empty = new(0, ImmutableDictionary<StorageKind, KindSnapshot>.Empty);

    public KindSnapshot Of(StorageKind kind) => Kinds.GetValueOrDefault(kind, KindSnapshot.Empty);
}

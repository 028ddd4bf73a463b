using System.Text.Json.Nodes;
using Portcullis.Kubernetes.Client;
using Portcullis.Objects.Json;

namespace Portcullis.Kubernetes.Stores;

/// <summary>
/// A store of a kind that has no C# type here. Keeps objects as their UTF-8 bytes, the smallest form there is, and parses them for each reader,
/// who may change what was read. Index functions are given the parsed object once, when it comes.
/// </summary>
public sealed class UntypedStore : IStore<JsonObject>, IReflected
{
    private readonly StoreOptions<JsonObject> _options;
    private readonly ObjectStore<byte[]> _objects;

    internal UntypedStore(ApiResource resource, StoreOptions<JsonObject> options)
    {
        Resource = resource;
        _options = options;
        _objects = new ObjectStore<byte[]>(
            options.Indexes.ToDictionary(
                i => i.Key, i => (Func<ObjectKey, byte[], IEnumerable<string>>)((key, bytes) => i.Value(key, () => Parse(bytes))), StringComparer.Ordinal));
    }

    public ApiResource Resource { get; }

    public bool IsSynced => _objects.IsSynced;

    public Task WaitUntilSyncedAsync(CancellationToken cancellationToken) => _objects.Synced.WaitAsync(cancellationToken);

    public JsonObject? Get(ObjectKey key) => _objects.Get(key) is { } bytes ? Parse(bytes) : null;

    public IReadOnlyList<JsonObject> List() => [.. _objects.List().Select(Parse)];

    public IReadOnlyList<JsonObject> Find(string index, string value) => [.. _objects.Find(index, value).Select(Parse)];

    /// <summary>The keys alone, without parsing any object.</summary>
    public IReadOnlyList<ObjectKey> Keys() => _objects.Keys();

    /// <summary>An object's resourceVersion, without parsing it; null when it is not there.</summary>
    public string? VersionOf(ObjectKey key) => _objects.VersionOf(key);

    public IDisposable Subscribe(Action<Change<JsonObject>> observer) => _objects.Subscribe(change => observer(change.As(Parse)));

    public IDisposable WhenListed(Action react) => _objects.WhenListed(react);

    internal ObjectKey Put(ReadOnlySpan<byte> utf8, bool initial)
    {
        var scan = ObjectScan.Of(utf8);
        var bytes = _options.KeepManagedFields ? utf8.ToArray() : scan.Cut(utf8);
        if (_options.Kept is { } kept && !kept(Parse(bytes)))
        {
            _objects.Remove(scan.Key, scan.ResourceVersion, initial);
            return scan.Key;
        }

        _objects.Put(new StoredEntry<byte[]>(scan.Key, scan.ResourceVersion, bytes), initial);
        return scan.Key;
    }

    internal void Remove(ObjectKey key, string? version, bool initial) => _objects.Remove(key, version, initial);

    internal void MarkSynced() => _objects.MarkSynced();

    ObjectKey IReflected.Put(ReadOnlySpan<byte> utf8, bool initial) => Put(utf8, initial);

    void IReflected.Remove(ObjectKey key, string? version, bool initial) => Remove(key, version, initial);

    void IReflected.MarkSynced() => MarkSynced();

    private JsonObject Parse(byte[] utf8) => KubernetesClient.Named(Resource, (JsonObject)KubernetesJson.Parse(utf8)!);
}

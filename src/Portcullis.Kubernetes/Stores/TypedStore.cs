using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Portcullis.Objects.Json;

namespace Portcullis.Kubernetes.Stores;

/// <summary>Keeps typed records: what controllers of our own kinds read.</summary>
internal sealed class TypedStore<T>(StoreOptions<T> options) : IPresentStore<T>, IReflected
    where T : class, IResource<T>
{
    // Only here: what is read and forgotten at once gains nothing by it, and a schema cannot be made of a text that a converter reads.
    private static readonly JsonTypeInfo<T> Pooled = (JsonTypeInfo<T>)new JsonSerializerOptions(T.JsonType.Options) { Converters = { new PooledTextConverter() } }.GetTypeInfo(typeof(T));

    private readonly ObjectStore<T> _objects = new(options.ForObjects());

    public bool IsSynced => _objects.IsSynced;

    public Task WaitUntilSyncedAsync(CancellationToken cancellationToken) => _objects.Synced.WaitAsync(cancellationToken);

    public T? Get(ObjectKey key) => _objects.Get(key);

    public IReadOnlyList<T> List() => _objects.List();

    public IReadOnlyList<T> Find(string index, string value) => _objects.Find(index, value);

    public IDisposable Subscribe(Action<Change<T>> observer) => _objects.Subscribe(observer);

    public IDisposable WhenListed(Action react) => _objects.WhenListed(react);

    public ObjectKey Put(ReadOnlySpan<byte> utf8, bool initial)
    {
        var scan = ObjectScan.Of(utf8);
        var value = options.KeepManagedFields || scan.CutLength == 0
            ? JsonSerializer.Deserialize(utf8, Pooled)
            : JsonSerializer.Deserialize(scan.Cut(utf8), Pooled);
        _objects.Put(new StoredEntry<T>(scan.Key, scan.ResourceVersion, value ?? throw new JsonException("The object is null.")), initial);
        return scan.Key;
    }

    public void Remove(ObjectKey key, string? version, bool initial) => _objects.Remove(key, version, initial);

    public IReadOnlyList<ObjectKey> Keys() => _objects.Keys();

    public void MarkSynced() => _objects.MarkSynced();
}

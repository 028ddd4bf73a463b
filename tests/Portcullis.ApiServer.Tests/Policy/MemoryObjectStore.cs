using System.Globalization;
using System.Text.Json.Nodes;
using Portcullis.ApiServer.Storage;
using Portcullis.Objects;
using Portcullis.Objects.Json;

namespace Portcullis.ApiServer.Tests.Policy;

/// <summary>The store's contract without a disk, for tests of what reads it.</summary>
internal sealed class MemoryObjectStore : IObjectStore
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<(string Group, string Plural, ObjectKey Key), StoredObject> _objects =
        new(Comparer<(string Group, string Plural, ObjectKey Key)>.Create(Compare));

    private readonly List<Action<StoreEvent>> _observers = [];
    private long _version;

    public StoredObject? Get(ApiResource resource, ObjectKey key)
    {
        lock (_lock)
        {
            return _objects.GetValueOrDefault((resource.Group, resource.Plural, key));
        }
    }

    public IReadOnlyList<StoredObject> List(ApiResource resource, string @namespace = "")
    {
        lock (_lock)
        {
            return [.. _objects.Values.Where(stored => stored.Resource.Group == resource.Group && stored.Resource.Plural == resource.Plural &&
                (@namespace.Length == 0 || stored.Key.Namespace == @namespace))];
        }
    }

    public Task<StoredObject?> PutAsync(
        ApiResource resource, ObjectKey key, JsonObject value, long expectedVersion, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            var id = (resource.Group, resource.Plural, key);
            var previous = _objects.GetValueOrDefault(id);
            if ((previous?.Version ?? 0) != expectedVersion)
            {
                return Task.FromResult<StoredObject?>(null);
            }

            var stored = value.DeepClone().AsObject();
            var version = ++_version;
            if (stored["metadata"] is not JsonObject metadata)
            {
                stored["metadata"] = metadata = [];
            }

            metadata["resourceVersion"] = version.ToString(CultureInfo.InvariantCulture);
            var entry = new StoredObject(resource, key, version, stored);
            _objects[id] = entry;
            Notify(new StoreEvent(previous is null ? "ADDED" : "MODIFIED", entry, previous));
            return Task.FromResult<StoredObject?>(entry);
        }
    }

    public Task<StoredObject?> DeleteAsync(ApiResource resource, ObjectKey key, long expectedVersion, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            var id = (resource.Group, resource.Plural, key);
            if (_objects.GetValueOrDefault(id) is not { } previous || previous.Version != expectedVersion)
            {
                return Task.FromResult<StoredObject?>(null);
            }

            _ = _objects.Remove(id);
            var entry = new StoredObject(previous.Resource, previous.Key, ++_version, previous.Object);
            Notify(new StoreEvent("DELETED", entry, previous));
            return Task.FromResult<StoredObject?>(entry);
        }
    }

    public IDisposable Observe(Action<StoreEvent> observer)
    {
        lock (_lock)
        {
            _observers.Add(observer);
        }

        return new Subscription(() => _observers.Remove(observer));
    }

    /// <summary>Stores an object whatever is there now; name, namespace and a uid come from its metadata.</summary>
    public StoredObject Put(ApiResource resource, JsonObject value)
    {
        var metadata = value.Object("metadata")!;
        metadata["uid"] ??= Guid.NewGuid().ToString();
        var key = new ObjectKey(metadata.String("namespace") ?? "", metadata.String("name") ?? "");
        return PutAsync(resource, key, value, Get(resource, key)?.Version ?? 0, CancellationToken.None).Result!;
    }

    public StoredObject Put(ApiResource resource, string json) => Put(resource, JsonNode.Parse(json)!.AsObject());

    public void Delete(ApiResource resource, ObjectKey key) =>
        _ = DeleteAsync(resource, key, Get(resource, key)!.Version, CancellationToken.None).Result;

    private void Notify(StoreEvent change)
    {
        foreach (var observer in _observers)
        {
            observer(change);
        }
    }

    private static int Compare((string Group, string Plural, ObjectKey Key) a, (string Group, string Plural, ObjectKey Key) b)
    {
        var order = string.CompareOrdinal(a.Group, b.Group);
        order = order != 0 ? order : string.CompareOrdinal(a.Plural, b.Plural);
        return order != 0 ? order : a.Key.CompareTo(b.Key);
    }

    private sealed class Subscription(Action end) : IDisposable
    {
        public void Dispose() => end();
    }
}

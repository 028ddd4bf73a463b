using System.Text.Json.Nodes;

namespace Portcullis.ApiServer.Storage;

/// <summary>ADDED, MODIFIED or DELETED; for DELETED, <see cref="Object"/> is the last state with the deletion's version.</summary>
internal sealed record StoreEvent(string Type, StoredObject Object, StoredObject? Previous)
{
    public bool IsDeletion => Type == "DELETED";
}

/// <summary>
/// Every object of every kind, in memory for reading and in SQLite for good. One version counter for all kinds, as etcd has.
/// A kind is known by its group and plural (versions of one kind share storage).
/// </summary>
internal interface IObjectStore
{
    StoredObject? Get(ApiResource resource, ObjectKey key);

    /// <summary>A consistent snapshot in key order; of one namespace unless empty.</summary>
    IReadOnlyList<StoredObject> List(ApiResource resource, string @namespace = "");

    /// <summary>
    /// Stores the object if the stored version is <paramref name="expectedVersion"/> (0: there must be none); stamps
    /// <c>metadata.resourceVersion</c>. Returns once durable. Null when the expectation failed; cancelled when
    /// nothing was written since nobody waited any more.
    /// </summary>
    Task<StoredObject?> PutAsync(ApiResource resource, ObjectKey key, JsonObject value, long expectedVersion, CancellationToken cancellationToken);

    /// <summary>Removes the object if its version is still the expected one. Null when the expectation failed.</summary>
    Task<StoredObject?> DeleteAsync(ApiResource resource, ObjectKey key, long expectedVersion, CancellationToken cancellationToken);

    /// <summary>
    /// Calls back for every event from now on, in order, before the write returns to its writer: for indexes that must already know
    /// a write when its writer asks the next question (RBAC). The callback is quick and never writes. Dispose to stop.
    /// </summary>
    IDisposable Observe(Action<StoreEvent> observer);
}

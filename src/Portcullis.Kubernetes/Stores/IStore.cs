using System.Text.Json.Nodes;

namespace Portcullis.Kubernetes.Stores;

/// <summary>
/// One change of one object. <see cref="Before"/> is null for a new one, <see cref="After"/> for a deleted one;
/// <see cref="Initial"/> when a list found it (start or resync), so that nobody saw it happen.
/// </summary>
public sealed record Change<T>(ObjectKey Key, T? Before, T? After, bool Initial)
    where T : class;

/// <summary>
/// All objects of one kind as the server last told them, kept warm by a watch. Reading costs no request. What is read is a snapshot:
/// it never changes, and lists are in no particular order.
/// </summary>
public interface IStore<T>
    where T : class
{
    /// <summary>True once the first whole list has been read; stays true while a lost watch is being renewed.</summary>
    bool IsSynced { get; }

    Task WaitUntilSyncedAsync(CancellationToken cancellationToken);

    int Count { get; }

    T? Get(ObjectKey key);

    IReadOnlyList<T> List();

    /// <summary>The objects for which the named index function (given where the store is registered) yields this value.</summary>
    IReadOnlyList<T> Find(string index, string value);

    /// <summary>Calls the observer after each change, in order, on the watch's own thread: it must be quick. Dispose to stop.</summary>
    IDisposable Subscribe(Action<Change<T>> observer);
}

/// <summary>A store of a kind that has no C# type here. Every read gives fresh copies, which the reader may change.</summary>
public interface IUntypedStore : IStore<JsonObject>
{
    ApiResource Resource { get; }

    /// <summary>The keys alone, without parsing any object.</summary>
    IReadOnlyList<ObjectKey> Keys();

    /// <summary>Another number whenever what <see cref="IStore{T}.Find"/> yields for this value has changed. Costs no parsing.</summary>
    long Stamp(string index, string value);
}

namespace Portcullis.Kubernetes.Stores;

/// <summary>
/// All objects of one kind as the server last showed them, kept warm by a watch. Reading costs no request. What is read is a snapshot:
/// it never changes, and lists are in no particular order.
/// </summary>
public interface IStore<T>
    where T : class
{
    /// <summary>True once the first whole list has been read; stays true while a lost watch is being renewed.</summary>
    bool IsSynced { get; }

    Task WaitUntilSyncedAsync(CancellationToken cancellationToken);

    T? Get(ObjectKey key);

    IReadOnlyList<T> List();

    /// <summary>The objects for which the named index function (given where the store is registered) yields this value.</summary>
    IReadOnlyList<T> Find(string index, string value);

    /// <summary>Calls the observer after each change, in order, on the watch's own thread: it must be quick. Dispose to stop.</summary>
    IDisposable Subscribe(Action<Change<T>> observer);

    /// <summary>
    /// Calls back, on the watch's own thread, whenever everything was listed (anew): what came and went since the last watch event is in no
    /// change that an observer gets. Dispose to stop.
    /// </summary>
    IDisposable WhenListed(Action react);
}

/// <summary>The objects as the server has them, also of kinds of which everybody else reads what is declared.</summary>
public interface IPresentStore<T> : IStore<T>
    where T : class;

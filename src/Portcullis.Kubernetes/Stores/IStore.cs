using System.Text.Json.Nodes;

namespace Portcullis.Kubernetes.Stores;

/// <summary>One change of one object. What it was and is, is decoded only for an observer that looks.</summary>
public sealed class Change<T>
    where T : class
{
    private readonly Func<T?> _before;
    private readonly Func<T?> _after;

    /// <summary>The functions are called when somebody looks.</summary>
    public Change(ObjectKey key, string? version, Func<T?> before, Func<T?> after, bool initial, bool isDeletion = false)
    {
        Key = key;
        Version = version;
        Initial = initial;
        IsDeletion = isDeletion;
        _before = before;
        _after = after;
    }

    public ObjectKey Key { get; }

    /// <summary>The resourceVersion that the change, or the deletion, made; null when only a list shows that the object is gone.</summary>
    public string? Version { get; }

    /// <summary>The object is gone.</summary>
    public bool IsDeletion { get; }

    /// <summary>A list found it (start or resync), so that nobody saw it happen.</summary>
    public bool Initial { get; }

    /// <summary>Null for a new one.</summary>
    public T? Before => field ??= _before();

    /// <summary>Null for a deleted one.</summary>
    public T? After => field ??= _after();

    /// <summary>The same change, read as something else.</summary>
    internal Change<TOther> As<TOther>(Func<T, TOther> read)
        where TOther : class =>
        new(Key, Version, () => Before is { } before ? read(before) : null, () => After is { } after ? read(after) : null, Initial, IsDeletion);
}

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

/// <summary>A store of a kind that has no C# type here. Every read gives fresh copies, which the reader may change.</summary>
public interface IUntypedStore : IStore<JsonObject>
{
    ApiResource Resource { get; }

    /// <summary>The keys alone, without parsing any object.</summary>
    IReadOnlyList<ObjectKey> Keys();

    /// <summary>An object's resourceVersion, without parsing it; null when it is not there.</summary>
    string? VersionOf(ObjectKey key);
}

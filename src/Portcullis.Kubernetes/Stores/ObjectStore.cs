namespace Portcullis.Kubernetes.Stores;

/// <summary>What the store must know of an entry, besides the entry.</summary>
internal readonly record struct StoredEntry<T>(ObjectKey Key, string ResourceVersion, T Value);

/// <summary>
/// The memory behind a store: entries by key, secondary indexes, observers. One writer (the reflector), any number of readers.
/// Invariants, all under the one lock:
/// <list type="bullet">
/// <item>an entry is in exactly those index sets that its index functions name;</item>
/// <item>the cached list is null or equal to the entries;</item>
/// <item>observers are called after the change can be read, in the order of changes, outside the lock.</item>
/// </list>
/// </summary>
internal sealed class ObjectStore<T>(IReadOnlyDictionary<string, Func<ObjectKey, T, IEnumerable<string>>> indexes)
    where T : class
{
    private readonly Lock _gate = new();
    private readonly Dictionary<ObjectKey, StoredEntry<T>> _entries = [];
    private readonly Dictionary<(string Index, string Value), HashSet<ObjectKey>> _sets = [];
    private readonly TaskCompletionSource _synced = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Action<Change<T>>[] _observers = [];
    private Action[] _listeners = [];
    private T[]? _list;

    public bool IsSynced => _synced.Task.IsCompleted;

    public Task Synced => _synced.Task;

    public void MarkSynced()
    {
        _synced.TrySetResult();
        foreach (var react in _listeners)
        {
            react();
        }
    }

    public T? Get(ObjectKey key)
    {
        lock (_gate)
        {
            return _entries.TryGetValue(key, out var entry) ? entry.Value : null;
        }
    }

    public string? VersionOf(ObjectKey key)
    {
        lock (_gate)
        {
            return _entries.TryGetValue(key, out var entry) ? entry.ResourceVersion : null;
        }
    }

    public T[] List()
    {
        lock (_gate)
        {
            return _list ??= [.. _entries.Values.Select(e => e.Value)];
        }
    }

    public ObjectKey[] Keys()
    {
        lock (_gate)
        {
            return [.. _entries.Keys];
        }
    }

    public T[] Find(string index, string value)
    {
        RequireIndex(index);
        lock (_gate)
        {
            return _sets.TryGetValue((index, value), out var set) ? [.. set.Select(k => _entries[k].Value)] : [];
        }
    }

    public IDisposable Subscribe(Action<Change<T>> observer)
    {
        lock (_gate)
        {
            _observers = [.. _observers, observer];
        }

        return new Subscription(this, () => _observers = [.. _observers.Where(o => o != observer)]);
    }

    /// <summary>Calls back after each whole list.</summary>
    public IDisposable WhenListed(Action react)
    {
        lock (_gate)
        {
            _listeners = [.. _listeners, react];
        }

        return new Subscription(this, () => _listeners = [.. _listeners.Where(l => l != react)]);
    }

    /// <summary>Adds or replaces; the same version again is no change.</summary>
    public void Put(StoredEntry<T> entry, bool initial)
    {
        T? before = null;
        lock (_gate)
        {
            if (_entries.TryGetValue(entry.Key, out var old))
            {
                if (old.ResourceVersion == entry.ResourceVersion && entry.ResourceVersion.Length > 0)
                {
                    return;
                }

                before = old.Value;
                Unindex(entry.Key, old.Value);
            }

            _entries[entry.Key] = entry;
            Index(entry.Key, entry.Value);
            _list = null;
        }

        Notify(new Change<T>(entry.Key, entry.ResourceVersion, () => before, () => entry.Value, initial));
    }

    /// <summary>No version when only a list shows that it is gone.</summary>
    public void Remove(ObjectKey key, string? version, bool initial)
    {
        T before;
        lock (_gate)
        {
            if (!_entries.Remove(key, out var old))
            {
                return;
            }

            before = old.Value;
            Unindex(key, before);
            _list = null;
        }

        Notify(new Change<T>(key, version, () => before, () => null, initial, isDeletion: true));
    }

    private void RequireIndex(string index)
    {
        if (!indexes.ContainsKey(index))
        {
            throw new ArgumentException($"The store has no index '{index}'; name it where the store is registered.", nameof(index));
        }
    }

    private void Index(ObjectKey key, T value)
    {
        foreach (var (name, values) in indexes)
        {
            foreach (var v in values(key, value))
            {
                if (!_sets.TryGetValue((name, v), out var set))
                {
                    _sets[(name, v)] = set = [];
                }

                set.Add(key);
            }
        }
    }

    private void Unindex(ObjectKey key, T value)
    {
        foreach (var (name, values) in indexes)
        {
            foreach (var v in values(key, value))
            {
                if (_sets.TryGetValue((name, v), out var set) && set.Remove(key) && set.Count == 0)
                {
                    _sets.Remove((name, v));
                }
            }
        }
    }

    private void Notify(Change<T> change)
    {
        foreach (var observer in _observers)
        {
            observer(change);
        }
    }

    private sealed class Subscription(ObjectStore<T> store, Action end) : IDisposable
    {
        public void Dispose()
        {
            lock (store._gate)
            {
                end();
            }
        }
    }
}

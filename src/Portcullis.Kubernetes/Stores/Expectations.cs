namespace Portcullis.Kubernetes.Stores;

/// <summary>
/// What this process wrote to the objects of one kind and the watch has not shown yet, so that a store that is a moment behind does
/// not make it write again, take back what it has just written, or take the echo of its own write for a change by somebody else.
/// One write goes through these states:
/// <code>
/// state       entered when                                 what counts              left when
/// under way   begun, before it is sent                     what counted before      it is answered, or nobody waits for the answer any more
/// answered    the answer has a version that the watch      the answer               the watch shows that version, a newer one, or an older one
///             has not shown                                                         than before (the server was set back)
/// echoed      the watch showed the version, before or      the store                at once: nothing more is expected
///             after the answer
/// doubted     it was not answered; or everything was       the store, but the       the server was asked; a later write was answered; the
///             listed during it or since, so that it may    server should be asked   watch shows its version or a newer one; at once where
///             have been undone unseen; or it was answered                           nobody asks
///             15 seconds ago and not echoed since
/// </code>
/// The watch must call <see cref="Observe{T}"/> for each change, when the store shows it, and <see cref="Doubt"/> after each whole list.
/// Readers ask here first and read the store after: the other way round, an echo between the two would leave them with neither.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="asks">Doubted objects are remembered, because somebody asks the server about them (<see cref="Learn"/>).</param>
/// <param name="whenUndecided">
/// Called after a write has ended, answered or not, during which the watch showed something else or may have left something out: who wrote may
/// fail for another reason and not come back, and so it is not left to them to look again.
/// </param>
public sealed class Expectations<TValue>(TimeProvider time, bool asks = false, Action<ObjectKey>? whenUndecided = null)
{
    /// <summary>How long an answer counts without its echo.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Dictionary<ObjectKey, Expectation<TValue>>> _byNamespace = new(StringComparer.Ordinal);
    private readonly long _epoch = time.GetTimestamp();
    private TimeSpan _nextSweep = Patience;

    /// <summary>Objects of which something is under way, expected or doubted.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                Sweep(Now());
                return _byNamespace.Values.Sum(n => n.Count);
            }
        }
    }

    /// <summary>Call before a write is sent. <paramref name="shown"/> is the version that the store shows; null for none.</summary>
    public ExpectedWrite<TValue> Begin(ObjectKey key, string? shown)
    {
        var write = new ExpectedWrite<TValue>(this, key, shown);
        lock (_gate)
        {
            var now = Now();
            if (now >= _nextSweep)
            {
                Sweep(now);
                _nextSweep = now + Patience;
            }

            GetOrAdd(key).Begin(write);
        }

        return write;
    }

    /// <summary>What is known of an object beyond the store; null when nothing is.</summary>
    public Expected<TValue>? Find(ObjectKey key)
    {
        lock (_gate)
        {
            return Get(key) is { } entry ? Look(entry, Now()) : null;
        }
    }

    /// <summary>The same for every object of a namespace.</summary>
    public IReadOnlyList<Expected<TValue>> In(string @namespace)
    {
        lock (_gate)
        {
            var now = Now();
            return _byNamespace.TryGetValue(@namespace, out var entries)
                ? [.. entries.Values.ToList().Select(e => Look(e, now)).OfType<Expected<TValue>>()]
                : [];
        }
    }

    /// <summary>The watch shows a change.</summary>
    public ChangeOrigin Observe<T>(Change<T> change)
        where T : class => Observe(change.Key, new Sighting(change.Version, change.IsDeletion, change.Initial));

    /// <summary>
    /// Everything was listed: what was undone since the last watch event is in no change. Returns the objects of which something was expected;
    /// writes under way say so when they are answered.
    /// </summary>
    public IReadOnlyList<ObjectKey> Doubt()
    {
        lock (_gate)
        {
            var entries = _byNamespace.Values.SelectMany(n => n.Values).ToList();
            var doubted = entries.Where(e => e.Doubt()).Select(e => e.Key).ToList();
            entries.ForEach(Prune);
            return doubted;
        }
    }

    /// <summary>The server was asked about a doubted object, and has it at this version.</summary>
    public void Learn(ObjectKey key, string? version, TValue value) => Change(key, e => e.Learn(version, value, Now() + Patience));

    /// <summary>The object is of no interest any more: it is gone, or another one has its name.</summary>
    public void Forget(ObjectKey key) => Change(key, e => e.Forget());

    internal ChangeOrigin Observe(ObjectKey key, Sighting seen)
    {
        var origin = ChangeOrigin.Foreign;
        Change(key, e => origin = e.Observe(seen));
        return origin;
    }

    internal bool End(ExpectedWrite<TValue> write, string? version, TValue? value)
    {
        var isAlone = true;
        Change(write.Key, e => isAlone = e.Answer(write, version, value, Now() + Patience));
        if (!isAlone)
        {
            whenUndecided?.Invoke(write.Key);
        }

        return isAlone;
    }

    internal void Lose(ExpectedWrite<TValue> write)
    {
        var isAlone = true;
        Change(write.Key, e => isAlone = e.Lose(write));
        if (!isAlone)
        {
            whenUndecided?.Invoke(write.Key);
        }
    }

    private void Change(ObjectKey key, Action<Expectation<TValue>> change)
    {
        lock (_gate)
        {
            if (Get(key) is { } entry)
            {
                change(entry);
                Prune(entry);
            }
        }
    }

    private Expected<TValue>? Look(Expectation<TValue> entry, TimeSpan now)
    {
        entry.Expire(now);
        Prune(entry);
        return entry.View;
    }

    private void Sweep(TimeSpan now)
    {
        foreach (var entry in _byNamespace.Values.SelectMany(n => n.Values).ToList())
        {
            Look(entry, now);
        }
    }

    private Expectation<TValue>? Get(ObjectKey key) => _byNamespace.TryGetValue(key.Namespace, out var entries) ? entries.GetValueOrDefault(key) : null;

    private Expectation<TValue> GetOrAdd(ObjectKey key)
    {
        if (!_byNamespace.TryGetValue(key.Namespace, out var entries))
        {
            _byNamespace[key.Namespace] = entries = [];
        }

        if (!entries.TryGetValue(key, out var entry))
        {
            entries[key] = entry = new Expectation<TValue>(key, asks);
        }

        return entry;
    }

    private void Prune(Expectation<TValue> entry)
    {
        if (entry.IsEmpty && _byNamespace.TryGetValue(entry.Key.Namespace, out var entries) && entries.Remove(entry.Key) && entries.Count == 0)
        {
            _byNamespace.Remove(entry.Key.Namespace);
        }
    }

    private TimeSpan Now() => time.GetElapsedTime(_epoch);
}

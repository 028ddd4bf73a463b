using System.Threading.Channels;

namespace Portcullis.ApiServer.Storage;

/// <summary>A watch that began at some version: what happened since, then everything that happens.</summary>
internal sealed class EventSubscription(IReadOnlyList<StoreEvent> backlog, Channel<StoreEvent> live, Action unsubscribe) : IDisposable
{
    public IReadOnlyList<StoreEvent> Backlog { get; } = backlog;

    /// <summary>Completes when the reader fell too far behind; the client then lists again.</summary>
    public ChannelReader<StoreEvent> Live { get; } = live.Reader;

    public void Dispose() => unsubscribe();
}

/// <summary>
/// The recent past of the store: watches resume from it and lists at an exact version are rebuilt from it. Bounded by count and
/// bytes; what is older is forgotten (compacted) and asking for it answers 410. Guarded by its own lock; never waits.
/// </summary>
internal sealed class EventLog
{
    private const int MaxEvents = 20_000;
    private const long MaxBytes = 24L << 20;
    private const int MaxPending = 20_000;

    private readonly Lock _lock = new();
    private readonly Queue<(StoreEvent Event, int Size)> _events = new();
    private readonly Dictionary<StorageKind, List<Channel<StoreEvent>>> _byKind = [];
    private readonly List<Channel<StoreEvent>> _all = [];
    private readonly List<Action<StoreEvent>> _observers = [];
    private long _bytes;
    private long _version;

    /// <summary>The version of the newest event: everything up to it has reached every subscription.</summary>
    public long Version
    {
        get
        {
            lock (_lock)
            {
                return _version;
            }
        }
    }

    /// <summary>Versions below this are forgotten.</summary>
    public long CompactedVersion { get; private set; }

    public void Begin(long version)
    {
        _version = version;
        CompactedVersion = version;
    }

    /// <summary>Forgets everything up to now.</summary>
    public void Compact()
    {
        lock (_lock)
        {
            _events.Clear();
            _bytes = 0;
            CompactedVersion = _version;
        }
    }

    /// <summary>Called by the one writer, in version order.</summary>
    public void Append(IReadOnlyList<(StoreEvent Event, int Size)> batch, long version)
    {
        lock (_lock)
        {
            foreach (var (entry, size) in batch)
            {
                _events.Enqueue((entry, size));
                _bytes += size;
                if (_byKind.TryGetValue(StorageKind.Of(entry.Object.Resource), out var readers))
                {
                    Send(readers, entry);
                }

                Send(_all, entry);
            }

            _version = version;
            foreach (var (entry, _) in batch)
            {
                foreach (var observer in _observers)
                {
                    observer(entry);
                }
            }

            while (_events.Count > MaxEvents || (_bytes > MaxBytes && _events.Count > 1))
            {
                var (forgotten, size) = _events.Dequeue();
                _bytes -= size;
                CompactedVersion = forgotten.Object.Version;
            }
        }
    }

    /// <summary>Null when <paramref name="fromVersion"/> is forgotten. A null kind means every kind.</summary>
    public EventSubscription? Subscribe(StorageKind? kind, long fromVersion)
    {
        var channel = Channel.CreateBounded<StoreEvent>(new BoundedChannelOptions(MaxPending) { SingleReader = true });
        lock (_lock)
        {
            if (fromVersion < CompactedVersion)
            {
                return null;
            }

            var backlog = fromVersion >= _version ? [] : Since(kind, fromVersion);
            var readers = kind is { } one ? ReadersOf(one) : _all;
            readers.Add(channel);
            return new EventSubscription(backlog, channel, () => Unsubscribe(readers, channel));
        }
    }

    /// <summary>Calls back for each event inside <see cref="Append"/>, so before its writer is answered.</summary>
    public IDisposable Observe(Action<StoreEvent> observer)
    {
        lock (_lock)
        {
            _observers.Add(observer);
        }

        return new EventSubscription([], Channel.CreateBounded<StoreEvent>(1), () => Forget(observer));
    }

    /// <summary>Every event of the kind after the version, oldest first; null when the version is forgotten.</summary>
    public IReadOnlyList<StoreEvent>? After(StorageKind kind, long version)
    {
        lock (_lock)
        {
            return version < CompactedVersion ? null : Since(kind, version);
        }
    }

    private void Forget(Action<StoreEvent> observer)
    {
        lock (_lock)
        {
            _observers.Remove(observer);
        }
    }

    private static void Send(List<Channel<StoreEvent>> readers, StoreEvent entry)
    {
        foreach (var reader in readers)
        {
            if (!reader.Writer.TryWrite(entry))
            {
                reader.Writer.TryComplete();
            }
        }
    }

    private List<StoreEvent> Since(StorageKind? kind, long version) =>
        _events.Select(e => e.Event)
            .Where(e => e.Object.Version > version && (kind is null || StorageKind.Of(e.Object.Resource) == kind))
            .ToList();

    private List<Channel<StoreEvent>> ReadersOf(StorageKind kind)
    {
        if (!_byKind.TryGetValue(kind, out var readers))
        {
            _byKind[kind] = readers = [];
        }

        return readers;
    }

    private void Unsubscribe(List<Channel<StoreEvent>> readers, Channel<StoreEvent> channel)
    {
        lock (_lock)
        {
            readers.Remove(channel);
        }

        channel.Writer.TryComplete();
    }
}

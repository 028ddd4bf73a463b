using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Portcullis.Objects.Json;

namespace Portcullis.ApiServer.Storage;

/// <summary>
/// Readers take the current <see cref="Snapshot"/>. Writers queue; one task drains the queue and commits what waits as one SQLite
/// transaction, then publishes the new snapshot, then the events, then answers the writers:
/// <code>
/// PutAsync ─┐            ┌─ check expected version against the batch so far
/// PutAsync ─┼─ channel ──┤  stamp the next version         ── commit (fsync) ── publish snapshot ── append log ── answer
/// PutAsync ─┘            └─ (refused ones answer null)
/// </code>
/// So a write that was answered is on disk, and a reader never sees one that is not.
/// </summary>
internal sealed class ObjectStore : IObjectStore, IAsyncDisposable
{
    private const int MaxBatch = 256;

    private readonly SqliteFile _file;
    private readonly Channel<PendingWrite> _writes = Channel.CreateUnbounded<PendingWrite>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Task _writer;
    private Snapshot _snapshot;

    private ObjectStore(SqliteFile file, Snapshot snapshot)
    {
        _file = file;
        _snapshot = snapshot;
        Log.Begin(snapshot.Version);
        _writer = Task.Run(WriteAsync);
    }

    public EventLog Log { get; } = new();

    public Snapshot Current => Volatile.Read(ref _snapshot);

    public long CurrentVersion => Current.Version;

    /// <summary>The version at which this process began to answer: no client can have seen an earlier state of it.</summary>
    public long ServedFrom { get; set; }

    /// <summary>Opens the file and reads all of it.</summary>
    public static ObjectStore Open(string path)
    {
        var file = new SqliteFile(path);
        try
        {
            return new ObjectStore(file, Load(file));
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public StoredObject? Get(ApiResource resource, ObjectKey key) => Current.Of(StorageKind.Of(resource)).Get(key);

    public IReadOnlyList<StoredObject> List(ApiResource resource, string @namespace = "") =>
        Current.Of(StorageKind.Of(resource)).In(@namespace).ToList();

    public Task<StoredObject?> PutAsync(
        ApiResource resource, ObjectKey key, JsonObject value, long expectedVersion, CancellationToken cancellationToken) =>
        EnqueueAsync(new PendingWrite(resource, key, value, WithoutVersion(value), expectedVersion, cancellationToken));

    public Task<StoredObject?> DeleteAsync(ApiResource resource, ObjectKey key, long expectedVersion, CancellationToken cancellationToken) =>
        EnqueueAsync(new PendingWrite(resource, key, null, [], expectedVersion, cancellationToken));

    public IDisposable Observe(Action<StoreEvent> observer) => Log.Observe(observer);

    public async IAsyncEnumerable<StoreEvent> SubscribeAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var subscription = Log.Subscribe(null, CurrentVersion)
            ?? throw new InvalidOperationException("The store's log starts after its current version.");
        foreach (var entry in subscription.Backlog)
        {
            yield return entry;
        }

        await foreach (var entry in subscription.Live.ReadAllAsync(cancellationToken))
        {
            yield return entry;
        }
    }

    /// <summary>The kind's objects as they were at a version: the present with the log undone. Null when that is forgotten.</summary>
    public KindSnapshot? At(StorageKind kind, long version)
    {
        var current = Current;
        var later = version < ServedFrom ? null : Log.After(kind, version);
        if (later is null)
        {
            return null;
        }

        var state = current.Of(kind);
        for (var i = later.Count - 1; i >= 0; i--)
        {
            if (later[i].Object.Version <= current.Version)
            {
                state = later[i].Previous is { } previous ? state.With(previous) : state.Without(later[i].Object.Key);
            }
        }

        return state;
    }

    public async ValueTask DisposeAsync()
    {
        _writes.Writer.TryComplete();
        await _writer;
        _file.Dispose();
    }

    private static Snapshot Load(SqliteFile file)
    {
        var kinds = new Dictionary<StorageKind, KindSnapshot>();
        foreach (var row in file.ReadAll())
        {
            var value = (JsonObject)KubernetesJson.Parse(row.Value)!;
            Stamp(value, row.Version);
            var kind = new StorageKind(row.Group, row.Plural);
            var stored = new StoredObject(ResourceOf(row, value), new ObjectKey(row.Namespace, row.Name), row.Version, value);
            kinds[kind] = kinds.GetValueOrDefault(kind, KindSnapshot.Empty).With(stored);
        }

        return new Snapshot(file.ReadVersion(), kinds.ToImmutableDictionary());
    }

    private static ApiResource ResourceOf(SqliteRow row, JsonObject value)
    {
        var apiVersion = value.String("apiVersion") ?? "v1";
        var version = apiVersion[(apiVersion.IndexOf('/', StringComparison.Ordinal) + 1)..];
        return new ApiResource(row.Group, version, value.String("kind") ?? "", row.Plural, row.Namespace.Length > 0);
    }

    private static void Stamp(JsonObject value, long version)
    {
        if (value["metadata"] is JsonObject metadata)
        {
            var text = version.ToString(System.Globalization.CultureInfo.InvariantCulture);
            var uid = metadata.IndexOf("uid");
            if (metadata.ContainsKey("resourceVersion") || uid < 0)
            {
                metadata["resourceVersion"] = text;
            }
            else
            {
                metadata.Insert(uid + 1, "resourceVersion", text);
            }
        }
    }

    private static byte[] WithoutVersion(JsonObject value)
    {
        (value["metadata"] as JsonObject)?.Remove("resourceVersion");
        return KubernetesJson.ToBytes(value);
    }

    private async Task<StoredObject?> EnqueueAsync(PendingWrite write)
    {
        if (!_writes.Writer.TryWrite(write))
        {
            throw new InvalidOperationException("The store is closed.");
        }

        return await write.Answer.Task;
    }

    private async Task WriteAsync()
    {
        var batch = new List<PendingWrite>(MaxBatch);
        while (await _writes.Reader.WaitToReadAsync())
        {
            batch.Clear();
            while (batch.Count < MaxBatch && _writes.Reader.TryRead(out var write))
            {
                batch.Add(write);
            }

            var commit = new Batch(Current);
            foreach (var write in batch)
            {
                commit.Add(write);
            }

            Complete(commit, batch);
        }
    }

    private void Complete(Batch commit, List<PendingWrite> batch)
    {
        try
        {
            if (commit.Rows.Count > 0)
            {
                _file.Commit(commit.Rows, commit.Version);
                Volatile.Write(ref _snapshot, commit.ToSnapshot());
                Log.Append(commit.Events, commit.Version);
            }
        }
        catch (Microsoft.Data.Sqlite.SqliteException error)
        {
            foreach (var write in batch)
            {
                write.Answer.TrySetException(new StorageException($"The store cannot write: {error.Message}", error));
            }

            return;
        }

        foreach (var write in batch)
        {
            write.Answer.TrySetResult(write.Result);
        }
    }

    private sealed class PendingWrite(
        ApiResource resource, ObjectKey key, JsonObject? value, byte[] bytes, long expectedVersion, CancellationToken cancellationToken)
    {
        public ApiResource Resource { get; } = resource;

        public ObjectKey Key { get; } = key;

        /// <summary>Null for a deletion.</summary>
        public JsonObject? Value { get; } = value;

        public byte[] Bytes { get; } = bytes;

        public long ExpectedVersion { get; } = expectedVersion;

        public bool Cancelled => cancellationToken.IsCancellationRequested;

        public StoredObject? Result { get; set; }

        public TaskCompletionSource<StoredObject?> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    /// <summary>The writes of one transaction, each checked against those before it.</summary>
    private sealed class Batch(Snapshot start)
    {
        private readonly Dictionary<StorageKind, KindSnapshot> _kinds = [];

        public long Version { get; private set; } = start.Version;

        public List<(SqliteRow Row, bool Delete)> Rows { get; } = [];

        public List<(StoreEvent Event, int Size)> Events { get; } = [];

        public Snapshot ToSnapshot() => new(Version, start.Kinds.SetItems(_kinds));

        public void Add(PendingWrite write)
        {
            var kind = StorageKind.Of(write.Resource);
            var objects = _kinds.TryGetValue(kind, out var changed) ? changed : start.Of(kind);
            var previous = objects.Get(write.Key);
            if ((previous?.Version ?? 0) != write.ExpectedVersion || write.Cancelled)
            {
                return;
            }

            Version++;
            var row = new SqliteRow(kind.Group, kind.Plural, write.Key.Namespace, write.Key.Name, Version, write.Bytes);
            var value = write.Value ?? (JsonObject)previous!.Object.DeepClone();
            Stamp(value, Version);
            var stored = new StoredObject(write.Resource, write.Key, Version, value);
            _kinds[kind] = write.Value is null ? objects.Without(write.Key) : objects.With(stored);
            var type = write.Value is null ? "DELETED" : previous is null ? "ADDED" : "MODIFIED";
            Rows.Add((row, write.Value is null));
            Events.Add((new StoreEvent(type, stored, previous), Math.Max(512, write.Bytes.Length)));
            write.Result = stored;
        }
    }
}

using System.Collections.Immutable;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
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
internal sealed partial class SqliteStore : IObjectStore, IAsyncDisposable
{
    private const int MaxBatch = 256;

    private readonly SqliteFile _file;
    private readonly Channel<PendingWrite> _writes = Channel.CreateUnbounded<PendingWrite>(new UnboundedChannelOptions { SingleReader = true });
    private readonly ILogger _logger;
    private readonly Task _writer;
    private Snapshot _snapshot;

    private SqliteStore(SqliteFile file, Snapshot snapshot, ILogger logger)
    {
        _file = file;
        _logger = logger;
        _snapshot = snapshot;
        Log.Begin(snapshot.Version);
        _writer = Task.Run(WriteAsync);
    }

    public EventLog Log { get; } = new();

    public Snapshot Current => Volatile.Read(ref _snapshot);

    public long CurrentVersion => Current.Version;

    /// <summary>Called with each event once it is on disk and before any reader sees it: a kind must be served when its CRD reports that it is.</summary>
    public Action<StoreEvent> BeforeVisible { get; set; } = _ => { };

    /// <summary>The version at which this process began to answer: no client can have seen an earlier state of it.</summary>
    public long ServedFrom { get; set; }

    /// <summary>Opens the file and reads all of it.</summary>
    public static SqliteStore Open(string path, ILogger? logger = null)
    {
        var file = new SqliteFile(path);
        try
        {
            return new SqliteStore(file, Load(file), logger ?? NullLogger.Instance);
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
        EnqueueAsync(new PendingWrite(resource, key, WithoutVersion(value), expectedVersion, cancellationToken));

    public Task<StoredObject?> DeleteAsync(ApiResource resource, ObjectKey key, long expectedVersion, CancellationToken cancellationToken) =>
        EnqueueAsync(new PendingWrite(resource, key, null, expectedVersion, cancellationToken));

    public IDisposable Observe(Action<StoreEvent> observer) => Log.Observe(observer);

    /// <summary>The kind's objects as they were at a version: the present with the log undone. Null when that is forgotten.</summary>
    public KindSnapshot? At(StorageKind kind, long version)
    {
        var current = Current;

        // A snapshot is published just before its events are logged: wait for them, or newer writes would not be undone.
        SpinWait.SpinUntil(() => Log.Version >= current.Version);
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
            var kind = new StorageKind(row.Group, row.Plural);
            var stored = new StoredObject(ResourceOf(row, value), new ObjectKey(row.Namespace, row.Name), row.Version, Stamped(row, value));
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

    /// <summary>Files of earlier versions of the program hold objects without their resourceVersion.</summary>
    private static byte[] Stamped(SqliteRow row, JsonObject value)
    {
        if (value.Object("metadata").String("resourceVersion") is not null)
        {
            return row.Value;
        }

        WriteBatch.Stamp(value, row.Version);
        return KubernetesJson.ToBytes(value);
    }

    /// <summary>The version comes right after the uid, wherever the client had it.</summary>
    private static JsonObject WithoutVersion(JsonObject value)
    {
        (value["metadata"] as JsonObject)?.Remove("resourceVersion");
        return value;
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

            var commit = new WriteBatch(Current);
            foreach (var write in batch)
            {
                commit.Add(write);
            }

            Complete(commit, batch);
        }
    }

    private void Complete(WriteBatch commit, List<PendingWrite> batch)
    {
        try
        {
            if (commit.Rows.Count > 0)
            {
                _file.Commit(commit.Rows, commit.Version);
            }
        }
        catch (Exception error) when (error is SqliteException or IOException or InvalidOperationException)
        {
            foreach (var write in batch)
            {
                write.Answer.TrySetException(new StorageException($"The store cannot write: {error.Message}", error));
            }

            return;
        }

        if (commit.Rows.Count > 0)
        {
            Publish(commit);
        }

        foreach (var write in batch)
        {
            write.Complete();
        }
    }

    private void Publish(WriteBatch commit)
    {
        Notify(commit, () =>
        {
            foreach (var (entry, _) in commit.Events)
            {
                BeforeVisible(entry);
            }
        });
        Volatile.Write(ref _snapshot, commit.ToSnapshot());
        Notify(commit, () => Log.Append(commit.Events, commit.Version));
    }

    private void Notify(WriteBatch commit, Action notify)
    {
        try
        {
            notify();
        }
#pragma warning disable CA1031 // the writes are committed: a defect in an observer must not end the one task that answers writers
        catch (Exception error)
#pragma warning restore CA1031
        {
            Messages.ObserverFailed(_logger, commit.Version, error);
        }
    }

    private static partial class Messages
    {
        [LoggerMessage(2605, LogLevel.Error, "An observer of the store failed on version {Version}")]
        public static partial void ObserverFailed(ILogger logger, long version, Exception error);
    }
}

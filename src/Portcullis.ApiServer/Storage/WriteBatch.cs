using System.Text.Json.Nodes;

namespace Portcullis.ApiServer.Storage;

/// <summary>One write that waits for the writer.</summary>
internal sealed class PendingWrite(
    ApiResource resource, ObjectKey key, JsonObject? value, long expectedVersion, CancellationToken cancellationToken)
{
    public ApiResource Resource { get; } = resource;

    public ObjectKey Key { get; } = key;

    /// <summary>Null for a deletion.</summary>
    public JsonObject? Value { get; } = value;

    public long ExpectedVersion { get; } = expectedVersion;

    /// <summary>Nobody waits for it any more. Decided once, when its turn comes: what was written is reported as written.</summary>
    public bool Cancelled { get; private set; }

    public StoredObject? Result { get; set; }

    public TaskCompletionSource<StoredObject?> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Whether it is still wanted.</summary>
    public bool Begin() => !(Cancelled = cancellationToken.IsCancellationRequested);

    /// <summary>Completes its writer's wait. A dropped write is cancelled, so that it is not taken for the result of a check.</summary>
    public void Complete() => _ = Cancelled ? Answer.TrySetCanceled(cancellationToken) : Answer.TrySetResult(Result);
}

/// <summary>The writes of one transaction, each checked against those before it.</summary>
internal sealed class WriteBatch(Snapshot start)
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
        if (!write.Begin() || (previous?.Version ?? 0) != write.ExpectedVersion)
        {
            return;
        }

        Version++;
        var value = write.Value ?? (JsonObject)previous!.Object.DeepClone();
        Stamp(value, Version);
        var stored = new StoredObject(write.Resource, write.Key, Version, value);
        _kinds[kind] = write.Value is null ? objects.Without(write.Key) : objects.With(stored);
        var type = write.Value is null ? "DELETED" : previous is null ? "ADDED" : "MODIFIED";
        Rows.Add((new SqliteRow(kind.Group, kind.Plural, write.Key.Namespace, write.Key.Name, Version, stored.Json), write.Value is null));
        Events.Add((new StoreEvent(type, stored, previous), Math.Max(512, stored.Json.Length)));
        write.Result = stored;
    }

    /// <summary>Writes the version into the object, where Kubernetes writes it.</summary>
    public static void Stamp(JsonObject value, long version)
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
}

using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Portcullis.Kubernetes.Client;
using Portcullis.Kubernetes.Stores;
using Portcullis.Objects.Json;

namespace Portcullis.Kubernetes.Controllers;

/// <summary>
/// Writes statuses, and only when they changed: a merge patch of the difference on <c>/status</c>, so that fields which others
/// tell there stay. The store learns of a write only when its watch event comes; until then the writer remembers what it told.
/// After a write without an answer it asks what there is.
/// </summary>
internal sealed class StatusWriter<T, TStatus>(IKubernetesClient client, string fieldManager)
    where T : class, IResource<T>, IControlled<TStatus>
    where TStatus : ResourceStatus
{
    private static readonly JsonTypeInfo<TStatus> StatusType = (JsonTypeInfo<TStatus>)T.JsonType.Options.GetTypeInfo(typeof(TStatus));

    private readonly ConcurrentDictionary<ObjectKey, Written> _written = new();
    private readonly ConcurrentDictionary<ObjectKey, bool> _unanswered = new();

    /// <summary>What was told last: newer than the store while its event is under way.</summary>
    public TStatus? Told(T resource) => WrittenUpon(resource)?.Status ?? resource.Status;

    /// <summary>The whole status; what it does not say any more is removed. False when there was nothing to write.</summary>
    public async Task<bool> WriteAsync(T resource, TStatus status, CancellationToken cancellationToken)
    {
        await AskAsync(resource, cancellationToken);
        return await PatchAsync(resource, ToJson(status), status, cancellationToken);
    }

    /// <summary>The loop's own fields alone, the rest as it is.</summary>
    public async Task<bool> WriteAsync(
        T resource, IReadOnlyList<Condition> conditions, long? observedGeneration, string? handled, CancellationToken cancellationToken)
    {
        await AskAsync(resource, cancellationToken);
        var told = Told(resource);
        var status = Current(resource);
        status["conditions"] = ConditionJson.Write(conditions);
        Set(status, "observedGeneration", observedGeneration is { } generation ? JsonValue.Create(generation) : null);
        Set(status, "lastHandledReconcileAt", handled is null ? null : JsonValue.Create(handled));
        var typed = told is null
            ? null
            : (TStatus)((ResourceStatus)told with { Conditions = conditions, ObservedGeneration = observedGeneration, LastHandledReconcileAt = handled });
        return await PatchAsync(resource, status, typed, cancellationToken);
    }

    /// <summary>Objects whose status is ahead of the store: none once the watch has caught up.</summary>
    public int Ahead => _written.Count;

    /// <summary>
    /// The store shows this version now (null: the object is gone): what was told has served once the store has come as far as the version
    /// that telling it made; one in between, of an earlier telling, is not yet it. Never asked while a visit holds the older version: it would
    /// compare with what that version said and find nothing to write after its own progress.
    /// </summary>
    public void Forget(ObjectKey key, string? version)
    {
        if (version is null)
        {
            _unanswered.TryRemove(key, out _);
        }

        if (_written.TryGetValue(key, out var written) && !written.IsAheadOf(version))
        {
            _written.TryRemove(KeyValuePair.Create(key, written));
        }
    }

    /// <summary>A write that failed, or was never answered, may have been done all the same.</summary>
    private async Task AskAsync(T resource, CancellationToken cancellationToken)
    {
        var key = resource.Metadata.Key;
        if (!_unanswered.ContainsKey(key))
        {
            return;
        }

        if (await client.GetAsync(T.Definition, key, cancellationToken) is { } live && live.Object("metadata").String("uid") == resource.Metadata.Uid)
        {
            var status = live["status"] as JsonObject;
            _written[key] = new Written(
                resource.Metadata.ResourceVersion, live.Object("metadata").String("resourceVersion"), status ?? [], status?.Deserialize(StatusType));
        }

        _unanswered.TryRemove(key, out _);
    }

    private async Task<bool> PatchAsync(T resource, JsonObject wanted, TStatus? typed, CancellationToken cancellationToken)
    {
        var difference = JsonDifference.MergePatch(Current(resource), wanted);
        if (difference is null)
        {
            return false;
        }

        // The uid keeps a status from landing on another object of the same name, created since.
        var patch = new JsonObject { ["metadata"] = new JsonObject { ["uid"] = resource.Metadata.Uid }, ["status"] = difference };
        var key = resource.Metadata.Key;
        _unanswered[key] = true;
        var answer = await client.MergePatchAsync(T.Definition, key, patch, new WriteOptions(fieldManager), cancellationToken, "status");
        _unanswered.TryRemove(key, out _);
        typed ??= answer["status"].Deserialize(StatusType);
        _written[key] = new Written(resource.Metadata.ResourceVersion, answer.Object("metadata").String("resourceVersion"), wanted, typed);
        return true;
    }

    private JsonObject Current(T resource) =>
        (JsonObject?)WrittenUpon(resource)?.Json.DeepClone() ?? (resource.Status is { } status ? ToJson(status) : []);

    /// <summary>What we wrote, unless the store shows it by now, or something newer.</summary>
    private Written? WrittenUpon(T resource) =>
        _written.TryGetValue(resource.Metadata.Key, out var written) && written.IsAheadOf(resource.Metadata.ResourceVersion) ? written : null;

    private static JsonObject ToJson(TStatus status)
    {
        var json = (JsonObject)JsonSerializer.SerializeToNode(status, StatusType)!;
        if (status.Conditions is { } conditions)
        {
            json["conditions"] = ConditionJson.Write(conditions);
        }

        return json;
    }

    private static void Set(JsonObject target, string name, JsonNode? value)
    {
        if (value is null)
        {
            target.Remove(name);
        }
        else
        {
            target[name] = value;
        }
    }

    /// <summary>Told upon a version, which made another one.</summary>
    private sealed record Written(string? Upon, string? Made, JsonObject Json, TStatus? Status)
    {
        /// <summary>A version from before the one that it was told upon is that of a server that was set back.</summary>
        public bool IsAheadOf(string? version) =>
            version == Upon || (ResourceVersions.Compare(Upon, version) <= 0 && ResourceVersions.Compare(version, Made) < 0);
    }
}

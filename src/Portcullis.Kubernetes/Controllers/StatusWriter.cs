using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Portcullis.Kubernetes.Client;
using Portcullis.Kubernetes.Stores;
using Portcullis.Objects.Json;

namespace Portcullis.Kubernetes.Controllers;

/// <summary>
/// Writes statuses, and only when they changed: a merge patch of the difference on <c>/status</c>, so that fields which others
/// write there stay. Until the watch shows a write, what was written counts and not the store; after a write without an answer the server
/// is asked.
/// </summary>
internal sealed class StatusWriter<T, TStatus>(KubernetesClient client, IStore<T> store, string fieldManager, TimeProvider time)
    where T : class, IResource<T>, IControlled<TStatus>
    where TStatus : ResourceStatus
{
    private static readonly JsonTypeInfo<TStatus> StatusType = (JsonTypeInfo<TStatus>)T.JsonType.Options.GetTypeInfo(typeof(TStatus));

    private readonly Expectations<WrittenStatus> _expected = new(time, asks: true);

    /// <summary>Objects whose status is ahead of the store, or in doubt: none once the watch has caught up.</summary>
    public int Ahead => _expected.Count;

    /// <summary>The status that was written last, or that the store shows.</summary>
    public TStatus? Reported(T resource) => WrittenTo(resource) is { } written ? written.Status : Stored(resource);

    /// <summary>The store shows a change.</summary>
    public void Observe(Change<T> change)
    {
        _expected.Observe(change);
        if (change.IsDeletion)
        {
            _expected.Forget(change.Key);
        }
    }

    /// <summary>Everything was listed.</summary>
    public void Doubt() => _expected.Doubt();

    /// <summary>The whole status; fields that it no longer has are removed. False when there was nothing to write.</summary>
    public async Task<bool> WriteAsync(T resource, TStatus status, CancellationToken cancellationToken)
    {
        await AskAsync(resource, cancellationToken);
        return await PatchAsync(resource, ToJson(status), status, cancellationToken);
    }

    /// <summary>The loop's own fields alone, the rest as it is.</summary>
    public async Task<bool> WriteAsync(T resource, LoopStatus loop, CancellationToken cancellationToken)
    {
        await AskAsync(resource, cancellationToken);
        var before = Reported(resource);
        var status = Current(resource);
        status["conditions"] = ConditionJson.Write(loop.Conditions);
        Set(status, "observedGeneration", loop.ObservedGeneration is { } generation ? JsonValue.Create(generation) : null);
        Set(status, "lastHandledReconcileAt", loop.Handled is null ? null : JsonValue.Create(loop.Handled));
        Set(status, "declared", loop.Declared is { } declared ? LoopStatus.ToJson(declared) : null);
        return await PatchAsync(resource, status, before is null ? null : (TStatus)loop.On(before), cancellationToken);
    }

    /// <summary>A write that failed, or was never answered, may have been done all the same.</summary>
    private async Task AskAsync(T resource, CancellationToken cancellationToken)
    {
        var key = resource.Metadata.Key;
        if (_expected.Find(key) is not { IsDoubted: true })
        {
            return;
        }

        var live = await client.GetAsync(T.Definition, key, cancellationToken);
        if (live is not null && live.Object("metadata").String("uid") == resource.Metadata.Uid)
        {
            var status = live["status"] as JsonObject;
            _expected.Learn(key, live.Object("metadata").String("resourceVersion"), new WrittenStatus(status ?? [], status?.Deserialize(StatusType)));
        }
        else
        {
            _expected.Forget(key);
        }
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
        using var write = _expected.Begin(key, store.Get(key)?.Metadata.ResourceVersion);
        var answer = await client.MergePatchAsync(T.Definition, key, patch, new WriteOptions(fieldManager), cancellationToken, "status");
        typed ??= answer["status"].Deserialize(StatusType);
        write.Answered(answer.Object("metadata").String("resourceVersion"), new WrittenStatus(wanted, typed));
        return true;
    }

    private JsonObject Current(T resource) =>
        WrittenTo(resource) is { } written ? (JsonObject)written.Json.DeepClone() : Stored(resource) is { } status ? ToJson(status) : [];

    /// <summary>Asked before the store: an echo in between would leave neither.</summary>
    private WrittenStatus? WrittenTo(T resource)
    {
        var key = resource.Metadata.Key;
        return _expected.Find(key)?.Written is { Value: { } value } written && written.IsAheadOf(store.Get(key)?.Metadata.ResourceVersion) ? value : null;
    }

    /// <summary>The store's, which may be newer than the object that is being reconciled.</summary>
    private TStatus? Stored(T resource) =>
        (store.Get(resource.Metadata.Key) is { } stored && stored.Metadata.Uid == resource.Metadata.Uid ? stored : resource).Status;

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

    private sealed record WrittenStatus(JsonObject Json, TStatus? Status);
}

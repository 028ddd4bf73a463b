using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Portcullis.Kubernetes.Stores;
using Portcullis.Objects.Json;

namespace Portcullis.Kubernetes.Controllers;

/// <summary>Connects another kind's changes with our queue.</summary>
internal interface IWatchMap
{
    /// <summary>Our controller never writes the other kind: a change of it is news to an object that failed a moment ago.</summary>
    bool EndsBackOff { get; }

    IDisposable Connect(IServiceProvider services, Action<ObjectKey> enqueue);
}

/// <summary>A map from a typed kind.</summary>
internal sealed class TypedWatchMap<T, TOther>(Func<TOther, IStore<T>, IEnumerable<ObjectKey>> map, WatchedChanges changes, bool endsBackOff) : IWatchMap
    where T : class, IResource<T>
    where TOther : class, IResource<TOther>
{
    public bool EndsBackOff => endsBackOff;

    public IDisposable Connect(IServiceProvider services, Action<ObjectKey> enqueue)
    {
        var own = services.GetRequiredService<IStore<T>>();
        return services.GetRequiredService<IStore<TOther>>().Subscribe(change =>
        {
            if (Matters(change.Before?.Metadata, change.After?.Metadata))
            {
                WatchMapping.Enqueue(change, other => map(other, own), enqueue);
            }
        });
    }

    private bool Matters(ObjectMeta? before, ObjectMeta? after) => changes switch
    {
        WatchedChanges.Any => true,
        WatchedChanges.Spec => SpecChange.Matters(before, after),
        _ => OwnChange.Matters(before, after),
    };
}

/// <summary>A map from a kind without a type.</summary>
internal sealed class UntypedWatchMap<T>(
    ApiResource resource, string? labelSelector, Func<JsonObject, IStore<T>, IEnumerable<ObjectKey>> map, WatchedChanges changes, bool endsBackOff) : IWatchMap
    where T : class, IResource<T>
{
    public bool EndsBackOff => endsBackOff;

    public IDisposable Connect(IServiceProvider services, Action<ObjectKey> enqueue)
    {
        var own = services.GetRequiredService<IStore<T>>();
        return services.GetRequiredService<UntypedStores>().Of(resource, labelSelector).Subscribe(change =>
        {
            if (changes == WatchedChanges.Any || ContentDiffers(change.Before, change.After))
            {
                WatchMapping.Enqueue(change, other => map(other, own), enqueue);
            }
        });
    }

    /// <summary>A node reports its health every few seconds: that alone is no reason to reconcile its owners.</summary>
    private static bool ContentDiffers(JsonObject? before, JsonObject? after) =>
        before is null || after is null || !JsonNode.DeepEquals(Content(before), Content(after));

    private static JsonObject Content(JsonObject value)
    {
        var content = (JsonObject)value.DeepClone();
        content.Remove("status");
        if (content.Object("metadata") is { } metadata)
        {
            metadata.Remove("resourceVersion");
            metadata.Remove("managedFields");
            metadata.Remove("generation");
        }

        return content;
    }
}

/// <summary>Both who depended on the old state and who depends on the new one are concerned.</summary>
internal static class WatchMapping
{
    public static void Enqueue<TOther>(Change<TOther> change, Func<TOther, IEnumerable<ObjectKey>> map, Action<ObjectKey> enqueue)
        where TOther : class
    {
        var keys = new HashSet<ObjectKey>();
        if (change.Before is { } before)
        {
            keys.UnionWith(map(before));
        }

        if (change.After is { } after)
        {
            keys.UnionWith(map(after));
        }

        foreach (var key in keys)
        {
            enqueue(key);
        }
    }
}

/// <summary>Which changes of an object call for a reconcile: those of its spec and metadata, never of the status that we reported ourselves.</summary>
internal static class OwnChange
{
    public static bool Matters(ObjectMeta? before, ObjectMeta? after) =>
        before is null
        || after is null
        || before.Uid != after.Uid
        || before.Generation != after.Generation
        || before.IsBeingDeleted != after.IsBeingDeleted
        || !Same(before.Labels, after.Labels)
        || !Same(before.Annotations, after.Annotations);

    private static bool Same(IReadOnlyDictionary<string, string>? left, IReadOnlyDictionary<string, string>? right)
    {
        if ((left?.Count ?? 0) != (right?.Count ?? 0))
        {
            return false;
        }

        return left is null || left.All(pair => right!.TryGetValue(pair.Key, out var value) && value == pair.Value);
    }
}

/// <summary>Which changes of an object are changes of what it asks: a status, a label or an annotation is none.</summary>
public static class SpecChange
{
    public static bool Matters(ObjectMeta? before, ObjectMeta? after) =>
        before?.Uid != after?.Uid || before?.Generation != after?.Generation || before?.IsBeingDeleted != after?.IsBeingDeleted;
}

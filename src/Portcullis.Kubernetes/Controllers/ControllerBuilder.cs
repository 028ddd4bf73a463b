using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Portcullis.Kubernetes.Stores;

namespace Portcullis.Kubernetes.Controllers;

/// <summary>Which changes of a watched object are worth a reconcile of those that depend on it.</summary>
public enum WatchedChanges
{
    /// <summary>What it asks (its generation), its coming and going.</summary>
    Spec,

    /// <summary>Everything but its status: what it asks, its labels, annotations, owners, its coming and going.</summary>
    Content,

    /// <summary>Its status as well.</summary>
    Any,
}

/// <summary>How one kind is controlled: its workers, its times, and which other kinds' changes concern it, as data.</summary>
public sealed class ControllerBuilder<T>(IServiceCollection services)
    where T : class, IResource<T>
{
    internal List<IWatchMap> Maps { get; } = [];

    /// <summary>In logs and metrics.</summary>
    public string Name { get; set; } = T.Definition.Kind.ToLowerInvariant();

    /// <summary>Objects reconciled at once.</summary>
    public int Workers { get; set; } = 4;

    /// <summary>A reconcile that takes longer is cancelled and counts as failed.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Null: the product's name and the plural (<c>portcullis-grants</c>).</summary>
    public string? FieldManager { get; set; }

    /// <summary>
    /// When another object changes, reconciles those of ours whose keys the map yields, for its state before and after the change. With
    /// <paramref name="endsBackOff"/> also those that failed a moment ago: right for a kind that this controller never writes, whose change may have
    /// removed the obstacle.
    /// </summary>
    public ControllerBuilder<T> Also<TOther>(Func<TOther, IEnumerable<ObjectKey>> map, WatchedChanges changes = WatchedChanges.Any, bool endsBackOff = false)
        where TOther : class, IResource<TOther> => Also<TOther>((other, _) => map(other), changes, endsBackOff);

    /// <summary>The same for maps that need our own objects (which of the Grants name this Collection?).</summary>
    public ControllerBuilder<T> Also<TOther>(Func<TOther, IStore<T>, IEnumerable<ObjectKey>> map, WatchedChanges changes = WatchedChanges.Any, bool endsBackOff = false)
        where TOther : class, IResource<TOther>
    {
        services.AddStore<TOther>();
        Maps.Add(new TypedWatchMap<T, TOther>(map, changes, endsBackOff));
        return this;
    }

    /// <summary>The same for a kind without a C# type. The store is that of <c>AddUntypedStore</c> with the same selector.</summary>
    public ControllerBuilder<T> AlsoUntyped(
        ApiResource resource,
        string? labelSelector,
        Func<JsonObject, IEnumerable<ObjectKey>> map,
        WatchedChanges changes = WatchedChanges.Content,
        bool endsBackOff = false) => AlsoUntyped(resource, labelSelector, (other, _) => map(other), changes, endsBackOff);

    public ControllerBuilder<T> AlsoUntyped(
        ApiResource resource,
        string? labelSelector,
        Func<JsonObject, IStore<T>, IEnumerable<ObjectKey>> map,
        WatchedChanges changes = WatchedChanges.Content,
        bool endsBackOff = false)
    {
        services.AddUntypedStore(resource, labelSelector);
        Maps.Add(new UntypedWatchMap<T>(resource, labelSelector, map, changes, endsBackOff));
        return this;
    }
}

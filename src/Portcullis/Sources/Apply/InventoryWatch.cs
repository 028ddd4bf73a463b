using System.Text.Json.Nodes;
using Portcullis.Core;
using Portcullis.Core.Sources;
using Portcullis.Kubernetes.Controllers;
using Portcullis.Kubernetes.Stores;
using Portcullis.Objects.Json;

namespace Portcullis.Sources.Apply;

/// <summary>
/// Notices that an inventory is no longer as this process stored it: edited or deleted by hand, or set back together with its server.
/// Without it, an object that leaves Git after the next start would be nobody's and stay for ever.
/// </summary>
internal sealed class InventoryWatch(DynamicStores stores, Reflectors reflectors, SourceStates states, ReconcileTrigger<GitSource> trigger)
{
    private int _started;

    /// <summary>Watches from the first call on.</summary>
    public void Start()
    {
        if (Interlocked.Exchange(ref _started, 1) == 0)
        {
            reflectors.WhenSetBack(DoubtAll);
            stores.Follow(SourceInventory.Definition, WellKnown.Labels.InventoryOf, Changed);
        }
    }

    /// <summary>The watch may not have come to show our last write before it was undone: then it shows no change either.</summary>
    private void DoubtAll()
    {
        foreach (var (source, state) in states.All)
        {
            state.Inventory.DoubtAll();
            trigger.Enqueue(source);
        }
    }

    private void Changed(Change<JsonObject> change)
    {
        var metadata = (change.After ?? change.Before).Object("metadata");
        if (metadata.Object("labels").String(WellKnown.Labels.InventoryOf) is not { } source || states.Find(ObjectKey.Cluster(source)) is not { } state)
        {
            return;
        }

        if (state.Inventory.Doubt(change.Key.Name, change.After is null ? null : metadata.String("resourceVersion")))
        {
            trigger.Enqueue(ObjectKey.Cluster(source));
        }
    }
}

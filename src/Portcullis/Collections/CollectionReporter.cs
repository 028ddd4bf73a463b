using Portcullis.Cluster;
using Portcullis.Core;
using Portcullis.Core.Collections;
using Portcullis.Core.Drift;
using Portcullis.Drift;
using Portcullis.Kubernetes.Controllers;
using Portcullis.Kubernetes.Events;
using Portcullis.Kubernetes.Stores;

namespace Portcullis.Collections;

/// <summary>Passes on what concerns collections: Events on namespaces, and reconciles of collections.</summary>
internal sealed class CollectionReporter(
    IStore<NamespaceObject> namespaces, IStore<Collection> known, EventRecorder events, ReconcileTrigger<Collection> collections, IEditLog edits)
{
    public void Ask(string collection) => collections.Enqueue(ObjectKey.Cluster(collection));

    /// <summary>A member is gone.</summary>
    public void ReportDeleted(NamespaceObject gone)
    {
        if (gone.Metadata.Label(WellKnown.Labels.Collection) is { } owner
            && known.Get(ObjectKey.Cluster(owner)) is { } collection
            && CollectionJudge.Lost(collection, gone.Metadata.Key.Name, DriftAttribution.Of(null, edits.LastEdit(ClusterKinds.Namespace, gone.Metadata.Key))) is { } lost)
        {
            events.Record(Collection.Definition, collection.Metadata, lost);
        }
    }

    public void ReportStrayLabels(ObjectKey @namespace, ActionResult.Done done)
    {
        if (namespaces.Get(@namespace) is { } present)
        {
            events.Record(
                NamespaceObject.Definition,
                present.Metadata,
                new ReportedEvent(true, CollectionReasons.DriftReverted, $"labels of the collection tree were put on the namespace {done.Reverted}; removed, because it is in no collection"));
        }
    }
}

using Portcullis.Cluster;
using Portcullis.Core.Collections;
using Portcullis.Kubernetes.Controllers;
using Portcullis.Kubernetes.Events;
using Portcullis.Kubernetes.Stores;

namespace Portcullis.Collections;

/// <summary>Passes on what concerns collections: Events on namespaces, and reconciles of collections.</summary>
internal sealed class CollectionReporter(IStore<NamespaceObject> namespaces, EventRecorder events, ReconcileTrigger<Collection> collections)
{
    public void Ask(string collection) => collections.Enqueue(ObjectKey.Cluster(collection));

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

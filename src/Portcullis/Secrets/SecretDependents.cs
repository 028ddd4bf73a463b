using Portcullis.Core;
using Portcullis.Kubernetes.Controllers;
using Portcullis.Kubernetes.Stores;

namespace Portcullis.Secrets;

/// <summary>Reconciles objects again when a Secret of their source changes: who mends a Secret need not wait for the next look at it.</summary>
internal sealed class SecretDependents<T>(SecretWatch watch, IStore<T> store, ReconcileTrigger<T> trigger)
    where T : class, IResource<T>
{
    private int _watching;

    /// <summary>Watches from the first call on.</summary>
    /// <param name="sourceOf">The source whose Secrets an object uses; null for one that uses none.</param>
    /// <param name="namespace">Where these Secrets are.</param>
    public void Watch(Func<T, string?> sourceOf, string @namespace = WellKnown.SystemNamespace)
    {
        if (Interlocked.Exchange(ref _watching, 1) == 0)
        {
            watch.Include(@namespace);
            watch.WhenChanged(source => store.List().Where(o => sourceOf(o) == source).ToList().ForEach(o => trigger.Enqueue(o.Metadata.Key)));
        }
    }
}

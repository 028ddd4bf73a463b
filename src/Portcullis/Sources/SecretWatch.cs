using System.Text.Json.Nodes;
using Portcullis.Core;
using Portcullis.Core.Sources;
using Portcullis.Kubernetes.Controllers;
using Portcullis.Kubernetes.Stores;
using Portcullis.Objects.Json;

namespace Portcullis.Sources;

/// <summary>
/// Makes a source look at once when a Secret of its changes: a signer's key that was taken out must not count until the next look, which
/// may be an hour away. Only Secrets of the system namespace that are labelled for a source are watched.
/// </summary>
internal sealed class SecretWatch(DynamicStores stores, SourceStates states, ReconcileTrigger<GitSource> trigger)
{
    private int _started;

    /// <summary>Watches from the first call on.</summary>
    public void Start()
    {
        if (Interlocked.Exchange(ref _started, 1) == 0)
        {
            stores.Follow(SourceSecrets.Secrets, WellKnown.Labels.AllowedSource, Changed, WellKnown.SystemNamespace);
        }
    }

    private void Changed(Change<JsonObject> change)
    {
        if (change is { Initial: true, Before: null })
        {
            return;
        }

        foreach (var value in new[] { change.Before, change.After })
        {
            if (value.Object("metadata").Object("labels").String(WellKnown.Labels.AllowedSource) is { } source && states.Find(ObjectKey.Cluster(source)) is { } state)
            {
                state.Nudge();
                trigger.Enqueue(ObjectKey.Cluster(source));
            }
        }
    }
}

using System.Text.Json.Nodes;
using Portcullis.Core;
using Portcullis.Kubernetes.Stores;
using Portcullis.Objects.Json;

namespace Portcullis.Secrets;

/// <summary>
/// Reports when a Secret changes that a source may use: a signer's key that was removed must not count until the next poll, which may be an
/// hour away. Only Secrets of the system namespace that are labelled for a source are watched.
/// </summary>
internal sealed class SecretWatch(DynamicStores stores)
{
    private int _started;
    private Action<string>? _changed;

    /// <summary>Watches from the first call on, and calls back with the source that a changed Secret is for.</summary>
    public void WhenChanged(Action<string> react)
    {
        _changed += react;
        if (Interlocked.Exchange(ref _started, 1) == 0)
        {
            stores.Follow(BoundSecrets.Resource, WellKnown.Labels.AllowedSource, Changed, WellKnown.SystemNamespace);
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
            if (value.Object("metadata").Object("labels").String(WellKnown.Labels.AllowedSource) is { } source)
            {
                _changed?.Invoke(source);
            }
        }
    }
}

using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Portcullis.Core;
using Portcullis.Kubernetes.Stores;
using Portcullis.Objects.Json;

namespace Portcullis.Secrets;

/// <summary>
/// Reports when a Secret changes that a source may use: a signer's key that was removed must not count until the next poll, which may be an
/// hour away. Only Secrets that are labelled for a source are watched, in the system namespace and in those that somebody includes.
/// </summary>
internal sealed class SecretWatch(DynamicStores stores)
{
    private readonly ConcurrentDictionary<string, int> _versions = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> _namespaces = new(StringComparer.Ordinal);
    private Action<string>? _changed;

    /// <summary>Watches from the first call on, and calls back with the source that a changed Secret is for.</summary>
    public void WhenChanged(Action<string> react)
    {
        _changed += react;
        Include(WellKnown.SystemNamespace);
    }

    /// <summary>Watches a namespace too, from the first call on.</summary>
    public void Include(string @namespace)
    {
        if (_namespaces.TryAdd(@namespace, true))
        {
            stores.Follow(BoundSecrets.Resource, WellKnown.Labels.AllowedSource, Changed, @namespace);
        }
    }

    /// <summary>A number that is another one after each change of a Secret for that source, once anything is watched.</summary>
    public int VersionOf(string source) => _versions.GetValueOrDefault(source);

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
                _versions.AddOrUpdate(source, 1, (_, version) => version + 1);
                _changed?.Invoke(source);
            }
        }
    }
}

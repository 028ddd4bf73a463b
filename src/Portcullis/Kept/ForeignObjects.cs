using System.Collections.Concurrent;

namespace Portcullis.Kept;

/// <summary>
/// Others' objects that were found under names of ours and left alone, until ours is there. A binding must not give a role whose ClusterRole is
/// somebody else's.
/// </summary>
internal sealed class ForeignObjects
{
    private readonly ConcurrentDictionary<(string Resource, ObjectKey Key), Problem> _found = new();

    private Action<ApiResource, ObjectKey>? _changed;

    /// <summary>Calls back with each object of a kind that is found, or whose place is ours now, on the thread that saw it, until disposed.</summary>
    public IDisposable WhenChanged(ApiResource resource, Action<ObjectKey> react)
    {
        var subscription = new Subscription(this, (changed, key) =>
        {
            if (changed == resource)
            {
                react(key);
            }
        });
        _changed += subscription.React;
        return subscription;
    }

    /// <summary>What is said of the object there; null when none is known.</summary>
    public Problem? Find(ApiResource resource, ObjectKey key) => _found.GetValueOrDefault((resource.QualifiedPlural, key));

    public void Add(ApiResource resource, ObjectKey key, Problem problem)
    {
        if (_found.TryAdd((resource.QualifiedPlural, key), problem))
        {
            _changed?.Invoke(resource, key);
        }
        else
        {
            _found[(resource.QualifiedPlural, key)] = problem;
        }
    }

    public void Remove(ApiResource resource, ObjectKey key)
    {
        if (_found.TryRemove((resource.QualifiedPlural, key), out _))
        {
            _changed?.Invoke(resource, key);
        }
    }

    private sealed class Subscription(ForeignObjects objects, Action<ApiResource, ObjectKey> react) : IDisposable
    {
        public Action<ApiResource, ObjectKey> React { get; } = react;

        public void Dispose() => objects._changed -= React;
    }
}

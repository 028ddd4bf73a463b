using System.Collections.Concurrent;

namespace Portcullis.Sources;

/// <summary>The memory of every source, found by its key: the reconciler's, and that of who nudges it.</summary>
internal sealed class SourceStates : IDisposable
{
    private readonly ConcurrentDictionary<ObjectKey, SourceState> _states = [];

    public IEnumerable<KeyValuePair<ObjectKey, SourceState>> All => _states;

    public SourceState Of(ObjectKey source) => _states.GetOrAdd(source, _ => new SourceState());

    public SourceState? Find(ObjectKey source) => _states.GetValueOrDefault(source);

    public void Remove(ObjectKey source)
    {
        if (_states.TryRemove(source, out var state))
        {
            state.Dispose();
        }
    }

    public void Dispose()
    {
        foreach (var state in _states.Values)
        {
            state.Dispose();
        }
    }
}

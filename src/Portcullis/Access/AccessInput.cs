using Portcullis.Core;

namespace Portcullis.Access;

/// <summary>
/// A store's list as values. An object's value stays the same instance until its content changes, and the list stays the same until one does: by that
/// the model sees what it must work out anew.
/// </summary>
internal sealed class AccessInput<T, TValue>(Func<T, T, bool> same, Func<T, TValue> value)
    where T : class, IResource<T>
{
    private readonly Dictionary<ObjectKey, (T Seen, TValue Value)> _known = [];
    private IReadOnlyList<T> _list = [];
    private TValue[] _inItsOrder = [];
    private IReadOnlyList<TValue> _values = [];

    public IReadOnlyList<TValue> Take(IReadOnlyList<T> list)
    {
        if (!ReferenceEquals(list, _list))
        {
            var differs = Learn(ListChange.Between(_list, list));
            _inItsOrder = [.. list.Select((one, i) => i < _list.Count && ReferenceEquals(one, _list[i]) ? _inItsOrder[i] : _known[one.Metadata.Key].Value)];
            _list = list;
            _values = differs ? _inItsOrder : _values;
        }

        return _values;
    }

    /// <summary>Whether any value is another one than before.</summary>
    private bool Learn(ListChange<T> change)
    {
        var before = change.Gone.ToDictionary(g => g.Metadata.Key, g => _known[g.Metadata.Key]);
        foreach (var key in before.Keys)
        {
            _known.Remove(key);
        }

        var differs = change.Gone.Count != change.Added.Count;
        foreach (var one in change.Added)
        {
            var stays = before.TryGetValue(one.Metadata.Key, out var known) && same(known.Seen, one);
            _known[one.Metadata.Key] = (one, stays ? known.Value : value(one));
            differs |= !stays;
        }

        return differs;
    }
}

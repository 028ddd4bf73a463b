using System.Diagnostics.CodeAnalysis;

namespace Portcullis.Core.Trust.Tuf;

/// <summary>
/// Values by their names, as long as they are used: when the newer half is full, what was not used since the last time is let go. For several threads at once.
/// </summary>
/// <param name="capacity">How many values are kept at most.</param>
internal sealed class RecentlyUsed<T>(int capacity)
    where T : class
{
    private readonly Lock _turn = new();
    private Dictionary<string, T> _newer = new(StringComparer.Ordinal);
    private Dictionary<string, T> _older = new(StringComparer.Ordinal);

    public int Count
    {
        get
        {
            lock (_turn)
            {
                return _newer.Count + _older.Keys.Count(k => !_newer.ContainsKey(k));
            }
        }
    }

    /// <summary>The value of this name that is kept, else one that is made. Two that are made at the same time are the same to who asks later.</summary>
    public T Get(string name, Func<T> make)
    {
        if (TryGet(name, out var known))
        {
            return known;
        }

        var made = make();
        lock (_turn)
        {
            return Keep(name, made);
        }
    }

    private bool TryGet(string name, [NotNullWhen(true)] out T? known)
    {
        lock (_turn)
        {
            if (!_newer.TryGetValue(name, out known) && _older.TryGetValue(name, out known))
            {
                Keep(name, known);
            }

            return known is not null;
        }
    }

    private T Keep(string name, T value)
    {
        if (_newer.Count >= Math.Max(1, capacity / 2))
        {
            (_older, _newer) = (_newer, new Dictionary<string, T>(StringComparer.Ordinal));
        }

        _newer[name] = value;
        return value;
    }
}

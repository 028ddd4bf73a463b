using System.Collections.Concurrent;
using Portcullis.Http.Retries;

namespace Portcullis.Actions;

/// <summary>
/// Design law 10: nobody fights for ever. What was put back five times within a minute is left alone until the minute is over, so that a
/// controller on the other side cannot make this one write without end.
/// </summary>
internal sealed class RevertLimit(TimeProvider time)
{
    public const int Most = 5;

    public static readonly TimeSpan Within = TimeSpan.FromMinutes(1);

    private const int Sweep = 1000;

    private readonly ConcurrentDictionary<(string Actor, string Thing), TimeSpan[]> _reverts = new();

    /// <summary>How long it must wait before it puts all this back once more; null when one of the things need not wait.</summary>
    public TimeSpan? Wait(string actor, IReadOnlyList<string> things)
    {
        var now = time.Monotonic();
        var waits = things.Select(thing => Wait((actor, thing), now)).ToList();
        return waits.Contains(null) ? null : waits.Min();
    }

    /// <summary>They were made to say something else, as declared: whatever was put back before is another matter.</summary>
    public void Forget(string actor, IReadOnlyList<string> things)
    {
        foreach (var thing in things)
        {
            _reverts.TryRemove((actor, thing), out _);
        }
    }

    /// <summary>They were put back.</summary>
    public void Add(string actor, IReadOnlyList<string> things)
    {
        var now = time.Monotonic();
        foreach (var thing in things)
        {
            _reverts.AddOrUpdate((actor, thing), _ => [now], (_, times) => [.. times.TakeLast(Most - 1), now]);
        }

        if (_reverts.Count > Sweep)
        {
            foreach (var old in _reverts.Where(r => now - r.Value[^1] >= Within))
            {
                _reverts.TryRemove(old);
            }
        }
    }

    private TimeSpan? Wait((string Actor, string Thing) one, TimeSpan now) =>
        _reverts.TryGetValue(one, out var times) && times.Length >= Most && now - times[^Most] < Within ? Within - (now - times[^Most]) : null;
}

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

    private readonly ConcurrentDictionary<(string Actor, string Action), TimeSpan[]> _reverts = new();

    /// <summary>How long the action must wait before it puts something back once more; null when it need not.</summary>
    public TimeSpan? Wait(string actor, string action)
    {
        var now = time.Monotonic();
        return _reverts.TryGetValue((actor, action), out var times) && times.Length >= Most && now - times[^Most] < Within ? Within - (now - times[^Most]) : null;
    }

    /// <summary>It was made to say something else, as declared: whatever was put back before is another matter.</summary>
    public void Forget(string actor, string action) => _reverts.TryRemove((actor, action), out _);

    /// <summary>Something was put back.</summary>
    public void Add(string actor, string action)
    {
        var now = time.Monotonic();
        _reverts.AddOrUpdate((actor, action), _ => [now], (_, times) => [.. times.TakeLast(Most - 1), now]);
        if (_reverts.Count > Sweep)
        {
            foreach (var old in _reverts.Where(r => now - r.Value[^1] >= Within))
            {
                _reverts.TryRemove(old);
            }
        }
    }
}

using Portcullis.Http.Retries;

namespace Portcullis.Sources.Receive;

/// <summary>How many notices count: a burst, then one every two seconds a receiver; and no notice twice.</summary>
internal sealed class NotificationLimits(TimeProvider time)
{
    private const int Burst = 20;
    private const int RememberedIds = 1000;

    private static readonly TimeSpan Refill = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan ReplayWindow = TimeSpan.FromHours(24);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, (double Tokens, TimeSpan At)> _buckets = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Source, string Id), TimeSpan> _seen = [];

    /// <summary>False when this path has had its share. Only known paths come here, so there are few.</summary>
    public bool Take(string path)
    {
        var now = time.Monotonic();
        lock (_gate)
        {
            var (tokens, at) = _buckets.GetValueOrDefault(path, (Burst, now));
            tokens = Math.Min(Burst, tokens + ((now - at) / Refill));
            _buckets[path] = (tokens >= 1 ? tokens - 1 : tokens, now);
            return tokens >= 1;
        }
    }

    /// <summary>False for a number that was seen within a day.</summary>
    public bool IsNew(string source, string? id)
    {
        if (id is null)
        {
            return true;
        }

        var now = time.Monotonic();
        lock (_gate)
        {
            if (_seen.TryGetValue((source, id), out var at) && now - at < ReplayWindow)
            {
                return false;
            }

            if (_seen.Count >= RememberedIds)
            {
                foreach (var old in _seen.OrderBy(s => s.Value).Take(RememberedIds / 4).Select(s => s.Key).ToList())
                {
                    _seen.Remove(old);
                }
            }

            _seen[(source, id)] = now;
            return true;
        }
    }
}

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
    private readonly Dictionary<(string Source, string Signed), TimeSpan> _signed = [];

    /// <summary>False when this path, or what is counted apart of it, has had its share. Only known paths come here, so there are few.</summary>
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

    /// <summary>
    /// Whether a notice was seen within a day: by its number, or by what is signed of it (null: nothing). A sender that gives no number may say the
    /// same again; what came with a number may not come again without it.
    /// </summary>
    public NoticeKind Judge(string source, string? id, string? signed)
    {
        var now = time.Monotonic();
        lock (_gate)
        {
            if (id is not null && IsSeen(_seen, (source, id), now))
            {
                return NoticeKind.Repeated;
            }

            if (signed is not null && IsSeen(_signed, (source, signed), now))
            {
                return NoticeKind.Copied;
            }

            if (id is not null)
            {
                Remember(_seen, (source, id), now);
                if (signed is not null)
                {
                    Remember(_signed, (source, signed), now);
                }
            }

            return NoticeKind.New;
        }
    }

    private static bool IsSeen(Dictionary<(string, string), TimeSpan> seen, (string, string) notice, TimeSpan now) =>
        seen.TryGetValue(notice, out var at) && now - at < ReplayWindow;

    private static void Remember(Dictionary<(string, string), TimeSpan> seen, (string, string) notice, TimeSpan now)
    {
        if (seen.Count >= RememberedIds)
        {
            foreach (var old in seen.OrderBy(s => s.Value).Take(RememberedIds / 4).Select(s => s.Key).ToList())
            {
                seen.Remove(old);
            }
        }

        seen[notice] = now;
    }
}

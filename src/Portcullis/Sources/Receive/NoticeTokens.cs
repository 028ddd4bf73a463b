using Portcullis.Http.Retries;

namespace Portcullis.Sources.Receive;

/// <summary>
/// The tokens by which notices are checked, each read once in a while at most: who sends many notices that are not good must not make the program ask the
/// API server for a Secret each time.
/// </summary>
internal sealed class NoticeTokens(TimeProvider time)
{
    private const int MostKept = 1000;
    private static readonly TimeSpan KeptFor = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, (Task<string?> Token, TimeSpan At)> _kept = new(StringComparer.Ordinal);

    /// <summary>The token of a path's receiver, or what reading it threw. Only known paths come here, so there are few.</summary>
    /// <param name="path">Of the receiver.</param>
    /// <param name="read">Reads its Secret. It goes on when its first caller has gone, since others wait for it.</param>
    public Task<string?> OfAsync(string path, Func<CancellationToken, Task<string?>> read)
    {
        var now = time.Monotonic();
        lock (_gate)
        {
            if (_kept.TryGetValue(path, out var kept) && now - kept.At < KeptFor)
            {
                return kept.Token;
            }

            if (_kept.Count >= MostKept)
            {
                _kept.Clear();
            }

            var reading = Task.Run(() => read(CancellationToken.None));
            _kept[path] = (reading, now);
            return reading;
        }
    }
}

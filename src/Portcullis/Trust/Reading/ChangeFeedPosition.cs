using System.Globalization;
using Portcullis.Clients.Notary;

namespace Portcullis.Trust.Reading;

/// <summary>How far the changefeed of one server has been read.</summary>
internal sealed class ChangeFeedPosition
{
    private const int Page = 1000;

    /// <summary>A feed of many years is read in several turns: what it says of the past does no harm.</summary>
    private const int MostPages = 20;

    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private bool _reading;
    private long? _notBefore;
    private string? _last;

    /// <summary>When it was last read to the end, by the monotonic clock; null when the last try failed.</summary>
    public long? ReadAt { get; private set; }

    public bool TryBegin(TimeProvider time, TimeSpan pause)
    {
        lock (_gate)
        {
            if (_reading || (_notBefore is { } at && time.GetTimestamp() < at))
            {
                return false;
            }

            _reading = true;
            _notBefore = After(time, pause);
            return true;
        }
    }

    /// <param name="time">The clock.</param>
    /// <param name="isRead">Whether it was read to its end; when not, it is left alone for a while.</param>
    public void Ended(TimeProvider time, bool isRead)
    {
        lock (_gate)
        {
            (_reading, ReadAt) = (false, isRead ? time.GetTimestamp() : null);
            _notBefore = isRead ? _notBefore : After(time, PauseAfterFailure);
        }
    }

    /// <summary>By one reader at a time.</summary>
    /// <exception cref="NotaryException">The server has no feed, refuses it, or is away.</exception>
    public async Task ReadOnAsync(NotaryClient server, Action<string> changed, CancellationToken cancellationToken)
    {
        for (var page = 0; page < MostPages; page++)
        {
            // With the last one that is known: a server that has lost its content counts from one again, and does not give it.
            var changes = await server.ChangesAsync(null, Before(_last), Page, cancellationToken);
            if (_last is not null && (changes.Count == 0 || changes[0].Id != _last))
            {
                _last = null;
                continue;
            }

            var news = changes.Skip(_last is null ? 0 : 1).ToList();
            news.ForEach(c => changed(c.Gun));
            _last = changes.Count == 0 ? _last : changes[^1].Id;
            if (changes.Count < Page)
            {
                return;
            }
        }
    }

    /// <summary>What a server on RethinkDB counts by is no number: its feed is not followed.</summary>
    private static string? Before(string? id) =>
        id is null ? null
        : long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? (number - 1).ToString(CultureInfo.InvariantCulture)
        : throw new NotaryException(NotaryFailure.Unsupported, $"the changefeed does not count by numbers: {id}");

    private static long After(TimeProvider time, TimeSpan pause) => time.GetTimestamp() + (long)(pause.TotalSeconds * time.TimestampFrequency);
}

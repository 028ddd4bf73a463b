using System.Collections.Concurrent;
using Portcullis.Clients.Notary;
using Portcullis.Core.Signing;
using Portcullis.Core.Trust.Tuf;
using Portcullis.Signing;

namespace Portcullis.Trust.Reading;

/// <summary>
/// Verified trust data, kept by name and asked for again as time passes, as a server's changefeed says, and when somebody misses something. One
/// request a name is on its way at a time, whoever waits for it. A server that is away or lies takes nothing from what was verified, until that expires.
/// </summary>
internal sealed class TrustCache
{
    private readonly ConcurrentDictionary<string, TrustEntry> _entries = new(StringComparer.Ordinal);
    private readonly ReadTrust _read;
    private readonly ChangeFeeds _feeds;
    private readonly TrustCacheOptions _options;
    private readonly TimeProvider _time;
    private readonly TrustWeights _weights;

    public TrustCache(ReadTrust read, ChangeFeeds feeds, TrustCacheOptions options, TimeProvider time)
    {
        (_read, _feeds, _options, _time) = (read, feeds, options, time);
        _weights = new TrustWeights(options.LargestWeight);

        // For as long as the feeds are there, which is as long as this is.
        _ = feeds.Listen((_, gun) => Changed(gun));
    }

    /// <summary>The bytes of metadata that are kept.</summary>
    public long Weight => _weights.Total;

    /// <param name="anchor">Where trust begins; with another one than before, nothing of before counts.</param>
    /// <param name="server">Whom to ask.</param>
    /// <param name="freshness">How new the answer must be.</param>
    /// <param name="cancellationToken">Ends the caller's waiting, not the request for others.</param>
    public async ValueTask<TrustFinding> FindAsync(TrustAnchor anchor, NotaryClient server, Freshness freshness, CancellationToken cancellationToken)
    {
        _feeds.Follow(server);
        var (entry, called) = (EntryOf(anchor), _time.GetTimestamp());
        var finding = await FindOnceAsync(entry, server, freshness, cancellationToken);

        // The request that was on its way may have been answered before the call.
        return freshness == Freshness.New && !entry.WasAskedSince(called) ? await FindOnceAsync(entry, server, freshness, cancellationToken) : finding;
    }

    private async ValueTask<TrustFinding> FindOnceAsync(TrustEntry entry, NotaryClient server, Freshness freshness, CancellationToken cancellationToken)
    {
        Task running;
        TrustFinding known;
        bool waits;
        lock (entry.Gate)
        {
            entry.UsedAt = _time.GetTimestamp();
            known = entry.FindingAt(_time.GetUtcNow());
            if (entry.Running is null && AskIn(entry, known, freshness, _feeds.Covers(server)) is { } delay)
            {
                entry.Running = Start(entry, server, delay);
            }

            if (entry.Running is null)
            {
                return known;
            }

            running = entry.Running;
            waits = freshness != Freshness.Kept || known is not TrustFinding.Verified || entry.IsStale || Since(entry.ConfirmedAt) > _options.WaitAfter;
        }

        return waits ? await WaitAsync(entry, running, known, cancellationToken) : known;
    }

    /// <summary>A published or deleted name is asked for again by the next who wants it.</summary>
    private void Changed(string gun)
    {
        if (_entries.TryGetValue(gun, out var entry))
        {
            lock (entry.Gate)
            {
                entry.IsStale = true;
            }
        }
    }

    private TrustEntry EntryOf(TrustAnchor anchor)
    {
        var entry = _entries.GetOrAdd(anchor.Gun, _ => new TrustEntry(anchor));
        if (ReferenceEquals(entry.Anchor, anchor) || IsSame(entry.Anchor, anchor))
        {
            return entry;
        }

        if (_entries.TryUpdate(anchor.Gun, new TrustEntry(anchor), entry))
        {
            lock (entry.Gate)
            {
                _weights.Changed(entry.Held?.Weight ?? 0, 0);
                entry.Retire();
            }
        }

        return EntryOf(anchor);
    }

    private static bool IsSame(TrustAnchor one, TrustAnchor other) =>
        one.Threshold == other.Threshold && one.RootKeys.SequenceEqual(other.RootKeys, StringComparer.Ordinal);

    /// <summary>After how long the server is asked; null for not at all.</summary>
    private TimeSpan? AskIn(TrustEntry entry, TrustFinding known, Freshness freshness, bool announced)
    {
        var age = freshness != Freshness.Kept || known is not TrustFinding.Verified ? _options.AskAfreshAfter : announced ? _options.WaitAfter : _options.AskAgainAfter;
        var left = age - Since(entry.AskedAt);
        return entry.IsStale || left <= TimeSpan.Zero ? TimeSpan.Zero
            : freshness == Freshness.New && left <= _options.Patience ? left
            : null;
    }

    private TimeSpan Since(long? timestamp) => timestamp is { } at ? _time.GetElapsedTime(at) : TimeSpan.MaxValue;

    /// <summary>Under the entry's lock. It runs elsewhere, so that nobody's cancellation ends it for the others.</summary>
    private Task Start(TrustEntry entry, NotaryClient server, TimeSpan delay)
    {
        if (delay == TimeSpan.Zero)
        {
            entry.IsAsked(_time.GetTimestamp());
        }

        return Task.Run(() => RunAsync(entry, server, delay), CancellationToken.None);
    }

    private async Task RunAsync(TrustEntry entry, NotaryClient server, TimeSpan delay)
    {
        if (delay > TimeSpan.Zero)
        {
            await Task.Delay(delay, _time);
            lock (entry.Gate)
            {
                entry.IsAsked(_time.GetTimestamp());
            }
        }

        var outcome = await ReadAsync(entry, server);
        lock (entry.Gate)
        {
            entry.Running = null;
            if (!entry.IsRetired)
            {
                Take(entry, outcome);
            }
        }

        _weights.Trim(_entries.Values);
    }

    private void Take(TrustEntry entry, ReadOutcome outcome)
    {
        switch (outcome)
        {
            case ReadOutcome.Verified { Reading: var reading }:
                _weights.Changed(entry.Held?.Weight ?? 0, reading.Weight);
                entry.Verified(reading, _time.GetTimestamp());
                break;
            case ReadOutcome.Absent absent:
                entry.Absent(absent.Message, _time.GetTimestamp());
                break;
            case ReadOutcome.Rejected rejected:
                entry.Failed(new TrustFinding.Rejected(rejected.Message), rejected.Message);
                break;
            case ReadOutcome.Unreachable away:
                entry.Failed(new TrustFinding.Unreachable(away.Message), away.Message);
                break;
        }
    }

    private async Task<ReadOutcome> ReadAsync(TrustEntry entry, NotaryClient server)
    {
        using var limit = new CancellationTokenSource(_options.ReadWithin, _time);
        try
        {
            return await _read(entry.Anchor, server, entry.Held, entry.Seen, limit.Token);
        }
        catch (OperationCanceledException)
        {
            return new ReadOutcome.Unreachable($"{server.Endpoint} has not given the trust data of {entry.Anchor.Gun} within {_options.ReadWithin.TotalSeconds:0} s");
        }
#pragma warning disable CA1031 // whatever breaks inside is no answer: it must not leave a request that never ends, nor trust anything
        catch (Exception e)
#pragma warning restore CA1031
        {
            return new ReadOutcome.Unreachable($"reading the trust data of {entry.Anchor.Gun} failed: {e.Message}");
        }
    }

    /// <summary>Who has something that can be used waits for a short while only.</summary>
    private async Task<TrustFinding> WaitAsync(TrustEntry entry, Task running, TrustFinding known, CancellationToken cancellationToken)
    {
        try
        {
            await running.WaitAsync(known is TrustFinding.Verified ? _options.Patience : Timeout.InfiniteTimeSpan, _time, cancellationToken);
        }
        catch (TimeoutException)
        {
            // What is known goes on being used.
        }

        lock (entry.Gate)
        {
            return entry.FindingAt(_time.GetUtcNow());
        }
    }
}

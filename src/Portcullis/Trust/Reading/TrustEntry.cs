using Portcullis.Core.Signing;
using Portcullis.Core.Trust.Tuf;

namespace Portcullis.Trust.Reading;

/// <summary>
/// What is known of one name: the newest trust data that was verified, which no wrong answer of a server takes away, and why the last answer was of
/// no use. Callers hold <see cref="Gate"/> around everything.
/// </summary>
internal sealed class TrustEntry(TrustAnchor anchor)
{
    private TrustFinding _finding = new TrustFinding.Unreachable($"the trust data of {anchor.Gun} has not been read yet");
    private TrustFinding? _failure;
    private string? _problem;
    private bool _isDeleted;

    public Lock Gate { get; } = new();

    public TrustAnchor Anchor => anchor;

    /// <summary>The newest that was verified; null when there is nothing, or when it was dropped to save memory.</summary>
    public TrustReading? Held { get; private set; }

    /// <summary>What takes the place of <see cref="Held"/> when that was dropped: what is read next must not be older.</summary>
    public SeenVersions? Seen { get; private set; }

    /// <summary>The one request that is on its way, for all who want it.</summary>
    public Task? Running { get; set; }

    /// <summary>When the server was asked last, by the monotonic clock; null for never.</summary>
    public long? AskedAt { get; private set; }

    /// <summary>When it last confirmed what is held.</summary>
    public long? ConfirmedAt { get; private set; }

    /// <summary>When somebody last wanted it.</summary>
    public long UsedAt { get; set; }

    /// <summary>Whether the server's changefeed has named it since it was asked last.</summary>
    public bool IsStale { get; set; }

    /// <summary>A request begins now.</summary>
    public void IsAsked(long at) => (AskedAt, IsStale) = (at, false);

    /// <summary>Whether the last request began at a moment or after it. Takes the gate itself.</summary>
    public bool WasAskedSince(long moment)
    {
        lock (Gate)
        {
            return AskedAt >= moment;
        }
    }

    /// <summary>What may be said without asking; trusted never after its expiry.</summary>
    public TrustFinding FindingAt(DateTimeOffset now)
    {
        if (_finding is not TrustFinding.Verified { Trust: var trust } || now < trust.ExpiresAt)
        {
            return _finding;
        }

        var still = Held!.At(now);
        if (ReferenceEquals(still, Held))
        {
            return Expired(trust.ExpiresAt);
        }

        (Held, _finding) = (still, new TrustFinding.Verified(_problem is null ? still.Trust : Warned(still.Trust, _problem)));
        return _finding;
    }

    public void Verified(TrustReading reading, long at)
    {
        (_failure, _problem, _isDeleted) = (null, null, false);
        if (!ReferenceEquals(reading, Held) || _finding is not TrustFinding.Verified { Trust: var trust } || !ReferenceEquals(trust, reading.Trust))
        {
            _finding = new TrustFinding.Verified(reading.Trust);
        }

        (Held, Seen, ConfirmedAt) = (reading, null, at);
    }

    /// <summary>The server has nothing: whoever may delete trust data has done so. What was held counts again only if something newer comes.</summary>
    public void Absent(string message, long at)
    {
        _isDeleted = true;
        (_finding, _failure, _problem, ConfirmedAt) = (new TrustFinding.Absent(message), null, null, at);
    }

    /// <summary>The answer was of no use: what was verified before goes on being used, and the finding says why.</summary>
    public void Failed(TrustFinding failure, string message)
    {
        (_failure, _problem) = (failure, message);
        _finding = _isDeleted || Held is not { Trust: var trust }
            ? failure
            : new TrustFinding.Verified(Warned(trust, message));
    }

    /// <summary>Another anchor has taken its place: what comes back to it now is for nobody.</summary>
    public bool IsRetired { get; private set; }

    public void Retire()
    {
        Drop();
        IsRetired = true;
    }

    /// <summary>Gives its memory back.</summary>
    public void Drop()
    {
        if (Held is { } held)
        {
            (Seen, Held, AskedAt, ConfirmedAt) = (held.Set.Seen, null, null, null);
            _finding = new TrustFinding.Unreachable($"the trust data of {anchor.Gun} must be read again");
        }
    }

    private static RepositoryTrust Warned(RepositoryTrust trust, string message) =>
        trust with { Problems = [.. trust.Problems, $"what was verified before is used until {trust.ExpiresAt:u}: {message}"] };

    private TrustFinding Expired(DateTimeOffset at) => _failure switch
    {
        TrustFinding.Rejected rejected => new TrustFinding.Rejected($"{rejected.Message}; what was verified before expired at {at:u}"),
        TrustFinding.Unreachable away => new TrustFinding.Unreachable($"{away.Message}; what was verified before expired at {at:u}"),
        _ => new TrustFinding.Rejected($"the trust data of {anchor.Gun} expired at {at:u}"),
    };
}

namespace Portcullis.Http.Serving;

/// <summary>What a server puts up with from its clients.</summary>
public sealed record RequestLimits
{
    /// <summary>In bytes; null leaves it to the endpoints.</summary>
    public required long? LargestBody { get; init; }

    /// <summary>How long a client may take to send a request's headers.</summary>
    public TimeSpan HeadersWithin { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a connection may be without a request.</summary>
    public TimeSpan IdleFor { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Whether clients may send and read as slowly as they like, as those do that follow a stream which is silent for long.</summary>
    public bool AllowSlowClients { get; init; }

    /// <summary>
    /// Connections open at once, of all clients; what is beyond is closed. Fewer where the process may not have so many files open: a server that takes
    /// them all leaves none to the rest of the process.
    /// </summary>
    public int Connections { get; init; } = 4000;

    /// <summary>Connections of one client open at once (<see cref="ConnectionShares"/>), and never more than a fourth of all; null for no limit but that of all, as it is on loopback.</summary>
    public int? ConnectionsPerClient { get; init; } = 200;

    /// <summary>Requests of one HTTP/2 connection under way at once.</summary>
    public int StreamsPerConnection { get; init; } = 100;
}

namespace Portcullis.Http.Serving;

/// <summary>What a server puts up with from its clients.</summary>
public sealed record RequestLimits
{
    /// <summary>In bytes; null leaves it to the endpoints.</summary>
    public required long? LargestBody { get; init; }

    /// <summary>How long a client may take to send a request's headers.</summary>
    public TimeSpan HeadersWithin { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Whether clients may send and read as slowly as they like, as those do that follow a stream which is silent for long.</summary>
    public bool AllowSlowClients { get; init; }

    /// <summary>Requests of one HTTP/2 connection under way at once.</summary>
    public int StreamsPerConnection { get; init; } = 100;
}

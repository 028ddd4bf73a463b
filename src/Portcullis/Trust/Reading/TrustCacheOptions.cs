namespace Portcullis.Trust.Reading;

/// <summary>How long verified trust data is used before a server is asked again. It is never used after its own expiry.</summary>
internal sealed record TrustCacheOptions
{
    /// <summary>How often a name is asked for at most, when the server's changefeed says nothing of it.</summary>
    public TimeSpan AskAgainAfter { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How old an answer may be before a caller waits for the next one, in place of asking while the old one is used.</summary>
    public TimeSpan WaitAfter { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How often a name is asked for at most by who did not find what it looked for.</summary>
    public TimeSpan AskAfreshAfter { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a caller waits for a server when it has trust data that it can use.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>How long all requests for one name may take together.</summary>
    public TimeSpan ReadWithin { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>How often the changefeed of a server is read at most.</summary>
    public TimeSpan FeedAfter { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>The bytes of metadata that are kept in all, in their form on the wire; parsed, they take some three times as much.</summary>
    public long LargestWeight { get; init; } = 32 * 1024 * 1024;
}

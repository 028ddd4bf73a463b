namespace Portcullis.Tokens;

/// <summary>The keys of tokens for clients, at one moment.</summary>
/// <param name="Current">Signs.</param>
/// <param name="Accepted">Those whose tokens count: the current one, and the one before it for as long as it is kept.</param>
internal sealed record GatewayKeySet(Es256Key Current, IReadOnlyList<Es256Key> Accepted);

/// <summary>Keeps the keys current.</summary>
internal interface IGatewayKeys
{
    /// <summary>Null while they have not been read yet.</summary>
    GatewayKeySet? Keys { get; }
}

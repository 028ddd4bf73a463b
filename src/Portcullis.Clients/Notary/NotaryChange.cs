namespace Portcullis.Clients.Notary;

/// <summary>One record of a Notary server's changefeed: somebody published trust data, or deleted it.</summary>
/// <param name="Id">Its place in the feed: what is asked for next starts after it.</param>
/// <param name="Gun">The globally unique name.</param>
/// <param name="IsDeletion">Whether all trust data of it was deleted.</param>
/// <param name="TimestampVersion">The version of its timestamp since then; 0 for a deletion.</param>
/// <param name="CreatedAt">When.</param>
public sealed record NotaryChange(string Id, string Gun, bool IsDeletion, long TimestampVersion, DateTimeOffset CreatedAt);

namespace Portcullis.Clients.Registry;

/// <summary>A manifest was stored.</summary>
/// <param name="Digest">Under which it can be read.</param>
/// <param name="Subject">
/// The digest that the registry now lists it under as a referrer (<c>OCI-Subject</c>); null when the registry keeps no list of referrers.
/// </param>
public sealed record ManifestReceipt(string Digest, string? Subject);

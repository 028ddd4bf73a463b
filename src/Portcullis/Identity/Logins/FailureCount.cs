namespace Portcullis.Identity.Logins;

/// <summary>How often log-ins failed for a user or from an address.</summary>
/// <param name="Who">A digest: neither names nor addresses stand in the shared object.</param>
/// <param name="Count">Since the first of them.</param>
/// <param name="Since">When the first one was.</param>
internal sealed record FailureCount(string Who, int Count, DateTimeOffset Since);

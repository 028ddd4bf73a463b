namespace Portcullis.Identity.Issuers;

/// <summary>An issuer's keys cannot be read; the message says why.</summary>
internal sealed class IssuerUnavailableException(string message) : Exception(message);

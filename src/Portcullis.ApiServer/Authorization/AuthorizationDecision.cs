namespace Portcullis.ApiServer.Authorization;

/// <summary>May this user do this? <see cref="Reason"/> is what reviews and 403 messages carry.</summary>
internal readonly record struct AuthorizationDecision(bool Allowed, string Reason);

namespace Portcullis.Core.Registries;

/// <summary>The certificate that clients of a registry are shown.</summary>
/// <param name="ExpiresAt">Until when it is valid.</param>
/// <param name="NamesHost">Whether it is for the registry's host.</param>
public sealed record PresentedCertificate(DateTimeOffset ExpiresAt, bool NamesHost);

namespace Portcullis.Testing.Registries;

/// <summary>How a <see cref="DockerRegistry"/> is configured.</summary>
public sealed record DockerRegistryOptions
{
    /// <summary>Whether manifests and blobs can be deleted.</summary>
    public bool Deletes { get; init; } = true;

    /// <summary>Tokens are asked for; null for none.</summary>
    public DockerRegistryTokens? Tokens { get; init; }

    /// <summary>Whether the user <see cref="DockerRegistry.User"/> must log in with <see cref="DockerRegistry.Password"/>.</summary>
    public bool Passwords { get; init; }

    /// <summary>Where notifications of pushes, pulls and deletes are sent; null for nowhere.</summary>
    public Uri? Notifications { get; init; }

    /// <summary>Sent with notifications as <c>Authorization</c>; null for none.</summary>
    public string? NotificationsAuthorization { get; init; }

    /// <summary>Whether locations are given without a host, as it needs who stands behind a proxy that it does not know of.</summary>
    public bool RelativeLocations { get; init; }

    /// <summary>0 for any that is free; the registry keeps it when it starts again.</summary>
    public int Port { get; init; }
}

/// <summary>Whose tokens a registry takes (Docker registry token specification).</summary>
/// <param name="Realm">Where clients get them.</param>
/// <param name="Service">Their audience.</param>
/// <param name="Issuer">Who signs them.</param>
/// <param name="RootCertificateBundle">A file of PEM certificates that the chain in a token's <c>x5c</c> must end at.</param>
public sealed record DockerRegistryTokens(string Realm, string Service, string Issuer, string RootCertificateBundle);

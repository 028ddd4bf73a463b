using Portcullis.Clients.Registry.Authorization;

namespace Portcullis.Clients.Registry;

/// <summary>How a registry is spoken to.</summary>
public sealed record RegistryClientOptions
{
    /// <summary>Gives each request its credential, and takes the place of <see cref="Credential"/>; null to answer the registry's challenges.</summary>
    public IRegistryAuthorization? Authorization { get; init; }

    /// <summary>Null for nobody in particular: also then tokens are asked for.</summary>
    public RegistryCredential? Credential { get; init; }

    /// <summary>Token servers beside the registry's own address that get the credential, each <c>host</c> or <c>host:port</c>.</summary>
    public IReadOnlyCollection<string> Realms { get; init; } = [];

    /// <summary>How long a server may bring nothing and take nothing before a call fails.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How many bytes of a blob are sent in one request; what is not larger is sent whole. In memory once for each upload.</summary>
    public int ChunkSize { get; init; } = 8 * 1024 * 1024;

    public TimeProvider Time { get; init; } = TimeProvider.System;
}

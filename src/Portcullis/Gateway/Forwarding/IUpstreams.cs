using Portcullis.Clients.Registry;
using Portcullis.Core.Registries;
using Portcullis.Registries;

namespace Portcullis.Gateway.Forwarding;

/// <summary>The servers behind the gateway.</summary>
internal interface IUpstreams
{
    /// <summary>For requests that are forwarded.</summary>
    /// <exception cref="RegistryUnavailableException">A Secret of the Registry cannot be used.</exception>
    ValueTask<Upstream> OfRegistryAsync(Registry registry, CancellationToken cancellationToken);

    /// <summary>For requests of the gateway itself.</summary>
    /// <exception cref="RegistryUnavailableException">A Secret of the Registry cannot be used.</exception>
    ValueTask<RegistryClient> ClientAsync(Registry registry, CancellationToken cancellationToken);

    /// <summary>The Notary server; null when the Registry names none.</summary>
    /// <exception cref="RegistryUnavailableException">A Secret of the Registry cannot be used.</exception>
    ValueTask<Upstream?> OfNotaryAsync(Registry registry, CancellationToken cancellationToken);
}

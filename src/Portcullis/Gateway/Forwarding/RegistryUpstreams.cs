using Portcullis.Clients.Registry;
using Portcullis.Core.Registries;
using Portcullis.Registries;

namespace Portcullis.Gateway.Forwarding;

/// <summary>The ways to the declared registries, as everything else uses them.</summary>
internal sealed class RegistryUpstreams(RegistryConnections connections) : IUpstreams
{
    public async ValueTask<Upstream> OfRegistryAsync(Registry registry, CancellationToken cancellationToken)
    {
        var connection = await connections.ConnectAsync(registry.Key.Name, cancellationToken);
        return new Upstream(connection.Client.Endpoint, connection.Invoker, connection.Authorization);
    }

    public async ValueTask<RegistryClient> ClientAsync(Registry registry, CancellationToken cancellationToken) =>
        await connections.GetAsync(registry.Key.Name, cancellationToken);

    public async ValueTask<Upstream?> OfNotaryAsync(Registry registry, CancellationToken cancellationToken) =>
        await connections.ConnectNotaryAsync(registry, cancellationToken) is { } connection
            ? new Upstream(connection.Client.Endpoint, connection.Invoker, connection.Authorization)
            : null;
}

using Portcullis.Clients.Registry.Authorization;
using Portcullis.Core.Registries.Requests;
using static Portcullis.Core.Registries.Requests.RegistryRequest;

namespace Portcullis.Gateway.Forwarding;

/// <summary>Trust data: the Notary server behind the registry's own host.</summary>
internal sealed class TrustForwarding(IUpstreams upstreams, UpstreamForwarder forwarder, IEnumerable<IPublishedTrust> published)
{
    private const long LargestPublication = 32 * 1024 * 1024;

    public async Task AnswerAsync(GatewayExchange exchange, TrustData request)
    {
        if (await upstreams.OfNotaryAsync(exchange.Registry, exchange.Aborted) is not { } notary)
        {
            throw new GatewayRefusal(new RegistryError(RegistryError.NotFound, "UNSUPPORTED", $"no Notary server belongs to {exchange.Registry.Spec.Host}"));
        }

        if (exchange.Http.Request.ContentLength > LargestPublication)
        {
            throw new GatewayRefusal(RegistryError.TooLarge($"trust data of more than {LargestPublication} bytes is not taken"));
        }

        var gun = $"{request.Host}/{request.Repository}";
        await forwarder.ForwardAsync(exchange, notary, new ForwardedRequest(request.Target, new RegistryAccess(gun, ActionsOf(request)))
        {
            Succeeded = request.Action == TrustDataAction.Publish ? aborted => PublishedAsync(gun, aborted) : null,
        });
    }

    private async Task PublishedAsync(string gun, CancellationToken cancellationToken)
    {
        foreach (var listener in published)
        {
            await listener.PublishedAsync(gun, cancellationToken);
        }
    }

    /// <summary>As the server's own routes ask for them; deleting stands for all that owners alone do.</summary>
    private static RegistryActions ActionsOf(TrustData request) => request.Action switch
    {
        TrustDataAction.Read when !request.Path.EndsWith(".key", StringComparison.Ordinal) => RegistryActions.Pull,
        TrustDataAction.Read or TrustDataAction.Publish => RegistryActions.Pull | RegistryActions.Push,
        _ => RegistryActions.Delete,
    };
}

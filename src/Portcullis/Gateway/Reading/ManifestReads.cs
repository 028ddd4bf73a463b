using Microsoft.AspNetCore.Http;
using Portcullis.Clients.Registry.Authorization;
using Portcullis.Core.Registries.Requests;
using Portcullis.Gateway.Forwarding;

namespace Portcullis.Gateway.Reading;

/// <summary>Pulls of manifests. Where a repository blocks pulls, a tag is read as the digest that was judged, so that it cannot change in between.</summary>
internal sealed class ManifestReads(IUpstreams upstreams, UpstreamForwarder forwarder, IPullRules rules, IRegistryEvents events)
{
    public async Task AnswerAsync(GatewayExchange exchange, RegistryRequest.GetManifest request)
    {
        var allowed = exchange.Repository?.Spec.PullBlocking is null ? request : await JudgeAsync(exchange, request);
        string? digest = null;
        var forwarded = new ForwardedRequest(allowed.Target, RegistryAccess.Pull(request.Repository))
        {
            Answered = response => digest = response.StatusCode == StatusCodes.Status200OK ? response.Headers[GatewayHeaders.ContentDigest].ToString() : null,
        };
        await ForwardAsync(exchange, request, forwarded);
        if (digest is { Length: > 0 } && !request.HeadOnly)
        {
            events.Pulled(exchange.IdOf(request.Repository), request.IsByDigest ? null : request.Reference, digest, exchange.Author);
        }
    }

    private async Task ForwardAsync(GatewayExchange exchange, RegistryRequest.GetManifest request, ForwardedRequest forwarded)
    {
        try
        {
            await forwarder.ForwardAsync(exchange, await upstreams.OfRegistryAsync(exchange.Registry, exchange.Aborted), forwarded);
        }
        catch (GatewayRefusal e) when (request.IsByDigest && e.Error.Status == StatusCodes.Status502BadGateway && !exchange.Http.Response.HasStarted)
        {
            var client = await upstreams.ClientAsync(exchange.Registry, exchange.Aborted);
            if (await BlobsAsManifests.IsOneAsync(client, request.Repository, request.Reference, exchange.Aborted))
            {
                throw new GatewayRefusal(RegistryError.ManifestUnknown(request.Reference), e);
            }

            throw;
        }
    }

    private async Task<RegistryRequest.GetManifest> JudgeAsync(GatewayExchange exchange, RegistryRequest.GetManifest request)
    {
        var digest = request.Reference;
        if (!request.IsByDigest)
        {
            var client = await upstreams.ClientAsync(exchange.Registry, exchange.Aborted);
            var head = await client.Manifests.HeadAsync(request.Repository, request.Reference, exchange.Aborted);
            digest = head?.Digest ?? throw new GatewayRefusal(RegistryError.ManifestUnknown(request.Reference));
        }

        return await rules.BlockedAsync(exchange.Repository!, request.IsByDigest ? null : request.Reference, digest, exchange.Caller, exchange.Aborted) is { } reason
            ? throw new GatewayRefusal(RegistryError.Denied($"{request.Repository}@{digest} may not be pulled: {reason}"))
            : request with { Reference = digest };
    }
}

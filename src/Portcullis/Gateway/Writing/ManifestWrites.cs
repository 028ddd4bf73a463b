using Microsoft.AspNetCore.Http;
using Portcullis.Clients.Registry;
using Portcullis.Core.Registries;
using Portcullis.Core.Registries.Requests;
using Portcullis.Gateway.Forwarding;
using Portcullis.Repositories.Writes;

namespace Portcullis.Gateway.Writing;

/// <summary>Pushes and deletions of manifests. What a tag names changes only through <see cref="ITagWrites"/>, where immutability is decided.</summary>
internal sealed class ManifestWrites(IUpstreams upstreams, ITagWrites tags, ReferrerLists referrers, SignedContent signed)
{
    public async Task PutAsync(GatewayExchange exchange, RegistryRequest.PutManifest request)
    {
        var (manifest, view) = await ManifestBody.ReadAsync(exchange.Http, request);
        await DeclaredSizes.CheckAsync(await upstreams.ClientAsync(exchange.Registry, exchange.Aborted), request.Repository, view, exchange.Aborted);
        if (TagName.IsReferrersFallback(request.Reference))
        {
            Ensure(await referrers.ReplaceAsync(exchange, request.Repository, request.Reference, manifest));
        }
        else
        {
            await StoreAsync(exchange, request, manifest, view);
        }

        var response = exchange.Http.Response;
        response.StatusCode = StatusCodes.Status201Created;
        response.Headers.Location = $"/v2/{request.Repository}/manifests/{manifest.Digest}";
        response.Headers[GatewayHeaders.ContentDigest] = manifest.Digest;
    }

    /// <summary>Deletes a tag and no other one of its image, or an image with all of its tags.</summary>
    public async Task DeleteAsync(GatewayExchange exchange, RegistryRequest.DeleteManifest request)
    {
        var id = exchange.IdOf(request.Repository);
        await signed.EnsureDeletableAsync(exchange, request);
        if (!request.IsByDigest)
        {
            Ensure(
                TagName.IsReferrersFallback(request.Reference)
                    ? new TagWriteOutcome.Refused("DENIED", StatusCodes.Status403Forbidden, "lists of referrers are kept by the gateway: delete what is in them")
                    : await tags.DeleteTagAsync(id, request.Reference, exchange.Author, exchange.Aborted),
                request.Reference);
            exchange.Http.Response.StatusCode = StatusCodes.Status202Accepted;
            return;
        }

        var manifest = await ReadAsync(exchange, request);
        if (OwnArtifacts.IsOne(manifest.View()))
        {
            throw new GatewayRefusal(RegistryError.Denied("artifacts of Portcullis' own are deleted by Portcullis alone"));
        }

        Ensure(await referrers.DeleteAsync(exchange, request.Repository, manifest), request.Reference);
        exchange.Http.Response.StatusCode = StatusCodes.Status202Accepted;
    }

    /// <summary>What there is of a repository is declared in Git, and goes away there.</summary>
    public async Task DeleteRepositoryAsync(GatewayExchange exchange, RegistryRequest.DeleteRepository request)
    {
        await signed.EnsureDeletableAsync(exchange, request);
        throw new GatewayRefusal(RegistryError.Unsupported(
            StatusCodes.Status405MethodNotAllowed, $"{request.Repository} is declared in Git: delete its tags, and take its Repository out of Git"));
    }

    private async Task<RegistryManifest> ReadAsync(GatewayExchange exchange, RegistryRequest.DeleteManifest request)
    {
        var client = await upstreams.ClientAsync(exchange.Registry, exchange.Aborted);
        try
        {
            return await client.Manifests.GetAsync(request.Repository, request.Reference, exchange.Aborted) ?? throw new GatewayRefusal(RegistryError.ManifestUnknown(request.Reference));
        }
        catch (RegistryException e)
        {
            if (await BlobsAsManifests.IsOneAsync(client, request.Repository, request.Reference, exchange.Aborted))
            {
                throw new GatewayRefusal(RegistryError.ManifestUnknown(request.Reference), e);
            }

            throw;
        }
    }

    private async Task StoreAsync(GatewayExchange exchange, RegistryRequest.PutManifest request, RegistryManifest manifest, ManifestView view)
    {
        var isStored = false;
        if (view.Subject is not null || request.IsByDigest)
        {
            await referrers.StoreAsync(exchange, request.Repository, manifest, view.Subject?.Digest);
            isStored = true;
        }

        if (!request.IsByDigest)
        {
            Ensure(await tags.PushAsync(
                new TagPush(exchange.IdOf(request.Repository), request.Reference, manifest.Digest, manifest.MediaType, manifest.Bytes) { Author = exchange.Author, IsStored = isStored },
                exchange.Aborted));
        }
    }

    internal static void Ensure(TagWriteOutcome outcome, string reference = "")
    {
        switch (outcome)
        {
            case TagWriteOutcome.Refused refused:
                throw new GatewayRefusal(new RegistryError(refused.Status, refused.Code, refused.Cause is { } cause ? GatewayFailures.Said(cause) : refused.Message), refused.Cause);
            case TagWriteOutcome.Unavailable { Cause: { } failure }:
                throw new GatewayRefusal(GatewayFailures.RegistryAway, failure);
            case TagWriteOutcome.Unavailable unavailable:
                throw new GatewayRefusal(RegistryError.Unavailable(StatusCodes.Status503ServiceUnavailable, unavailable.Message));
            case TagWriteOutcome.NotFound:
                throw new GatewayRefusal(RegistryError.ManifestUnknown(reference));
        }
    }
}

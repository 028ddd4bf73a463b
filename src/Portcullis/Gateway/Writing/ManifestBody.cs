using System.Net.Http.Headers;
using Microsoft.AspNetCore.Http;
using Portcullis.Clients.Registry;
using Portcullis.Core;
using Portcullis.Core.Registries.Requests;
using Portcullis.Http.Serving;

namespace Portcullis.Gateway.Writing;

/// <summary>Reads a manifest that a client pushes, and refuses one that is not what it says.</summary>
internal static class ManifestBody
{
    private const string SchemaOne = "application/vnd.docker.distribution.manifest.v1+";

    /// <exception cref="GatewayRefusal">It is too large, no manifest, or not that of the digest.</exception>
    public static async Task<(RegistryManifest Manifest, ManifestView View)> ReadAsync(HttpContext http, RegistryRequest.PutManifest request)
    {
        var type = MediaTypeOf(http.Request.ContentType);
        var bytes = await BoundedBody.ReadAsync(http.Request, RegistryManifests.LargestManifest, http.RequestAborted) ?? throw TooLarge();
        if (request.IsByDigest && !ImageDigest.Matches(request.Reference, bytes))
        {
            throw new GatewayRefusal(RegistryError.DigestInvalid($"what was sent does not have the digest {request.Reference}"));
        }

        var manifest = new RegistryManifest(type, request.IsByDigest ? request.Reference : ImageDigest.Of(bytes), bytes);
        var view = View(manifest);
        return OwnArtifacts.HasAny(view)
            ? throw new GatewayRefusal(RegistryError.Denied($"artifacts of the types {OwnArtifacts.Types}* are written by Portcullis alone"))
            : (manifest, view);
    }

    private static ManifestView View(RegistryManifest manifest)
    {
        try
        {
            var view = manifest.View();
            return view.SchemaVersion != 2 ? throw new GatewayRefusal(RegistryError.ManifestInvalid("the manifest's schemaVersion must be 2"))
                : view.MediaType == manifest.MediaType ? view
                : throw new GatewayRefusal(RegistryError.ManifestInvalid($"the Content-Type is {manifest.MediaType}, and the manifest says {view.MediaType}"));
        }
        catch (RegistryException e)
        {
            throw new GatewayRefusal(RegistryError.ManifestInvalid(e.Message), e);
        }
    }

    private static string MediaTypeOf(string? contentType) => MediaTypeHeaderValue.TryParse(contentType, out var type) && type.MediaType is { } known
        ? known.StartsWith(SchemaOne, StringComparison.Ordinal)
            ? throw new GatewayRefusal(RegistryError.ManifestInvalid("manifests of Docker's schema 1 are not taken: push with a newer client"))
            : known
        : throw new GatewayRefusal(RegistryError.ManifestInvalid("the Content-Type must be the manifest's media type"));

    private static GatewayRefusal TooLarge() => new(RegistryError.TooLarge($"a manifest has at most {RegistryManifests.LargestManifest} bytes"));
}

using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Portcullis.Clients.Registry;
using Portcullis.Core;
using Portcullis.Core.Repositories;

namespace Portcullis.Repositories.Writes;

/// <summary>Changes what tags name in one registry. Each of its steps may be done again without harm.</summary>
internal sealed class UpstreamTags(RegistryClient client)
{
    /// <summary>An empty JSON object: the config of a manifest that has none (OCI image specification, "Guidance for an Empty Descriptor").</summary>
    private static readonly byte[] Empty = "{}"u8.ToArray();

    public async Task<string?> DigestOfAsync(string repository, string tag, CancellationToken cancellationToken) =>
        (await client.Manifests.HeadAsync(repository, tag, cancellationToken))?.Digest;

    public Task<RegistryManifest?> ReadAsync(string repository, string digest, CancellationToken cancellationToken) =>
        client.Manifests.GetAsync(repository, digest, cancellationToken);

    /// <summary>A manifest, null when it is not there. One that a registry was killed at may be unreadable too, until the same manifest is stored again.</summary>
    public async Task<(RegistryManifest? Manifest, bool IsBroken)> TryReadAsync(string repository, string digest, CancellationToken cancellationToken)
    {
        try
        {
            return (await ReadAsync(repository, digest, cancellationToken), false);
        }
        catch (RegistryException e) when (e.Status == HttpStatusCode.InternalServerError || e.Kind == RegistryFailure.Damaged)
        {
            return (null, true);
        }
    }

    /// <summary>Stores a manifest under its digest; the registry refuses one whose blobs it does not have.</summary>
    public Task StoreAsync(string repository, RegistryManifest manifest, CancellationToken cancellationToken) =>
        client.Manifests.PutAsync(repository, manifest.Digest, manifest, cancellationToken);

    /// <summary>Makes a tag name a manifest. An answer that did not come is looked for: only then is it known whether it was done.</summary>
    /// <exception cref="RegistryException">It was refused, or it is not known whether it was done.</exception>
    public async Task NameAsync(string repository, string tag, RegistryManifest manifest, CancellationToken cancellationToken)
    {
        try
        {
            await client.Manifests.PutAsync(repository, tag, manifest, cancellationToken);
        }
        catch (RegistryException e) when (e.IsTransient)
        {
            if (await DigestOfAsync(repository, tag, cancellationToken) != manifest.Digest)
            {
                throw;
            }
        }
    }

    /// <summary>
    /// Removes a tag that names this digest, and no other tag. A registry that deletes only digests (docker-registry 2.8) is given a manifest of the
    /// claim's own under the tag, and that manifest's digest is deleted. False when there was nothing to remove.
    /// </summary>
    public async Task<bool> RemoveAsync(string repository, string tag, TagClaim claim, CancellationToken cancellationToken)
    {
        var placeholder = Placeholder(claim);
        var (present, isBroken) = await LookAsync(repository, tag, cancellationToken);
        if (!isBroken && present != claim.Digest && present != placeholder.Digest)
        {
            return false;
        }

        if (present == claim.Digest && await client.Manifests.DeleteTagAsync(repository, tag, cancellationToken) != TagDeletion.Unsupported)
        {
            return true;
        }

        await client.Uploads.UploadAsync(repository, BlobSource.Of(Empty), cancellationToken);
        await client.Manifests.PutAsync(repository, tag, placeholder, cancellationToken);
        await client.Manifests.DeleteAsync(repository, placeholder.Digest, cancellationToken);
        return true;
    }

    /// <summary>
    /// What a tag names, null for nothing. A registry that was killed while it wrote a tag may not be able to read it any more (docker-registry 2.8
    /// answers 500 then, until the tag is written again).
    /// </summary>
    public async Task<(string? Digest, bool IsBroken)> LookAsync(string repository, string tag, CancellationToken cancellationToken)
    {
        try
        {
            return (await DigestOfAsync(repository, tag, cancellationToken), false);
        }
        catch (RegistryException e) when (e.Status == HttpStatusCode.InternalServerError)
        {
            return (null, true);
        }
    }

    /// <summary>Removes a manifest with everything that names it.</summary>
    public Task<bool> RemoveImageAsync(string repository, string digest, CancellationToken cancellationToken) =>
        client.Manifests.DeleteAsync(repository, digest, cancellationToken);

    /// <summary>The same for the same claim, so that an interrupted removal is finished and leaves nothing.</summary>
    private static RegistryManifest Placeholder(TagClaim claim)
    {
        var manifest = new JsonObject
        {
            ["schemaVersion"] = 2,
            ["mediaType"] = RegistryMediaTypes.OciManifest,
            ["config"] = new JsonObject { ["mediaType"] = "application/vnd.oci.empty.v1+json", ["digest"] = ImageDigest.Of(Empty), ["size"] = Empty.Length },
            ["layers"] = new JsonArray(),
            ["annotations"] = new JsonObject { ["dev.portcullis.deletion"] = claim.Id },
        };
        return RegistryManifest.Of(RegistryMediaTypes.OciManifest, Encoding.UTF8.GetBytes(manifest.ToJsonString()));
    }
}

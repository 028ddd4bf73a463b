using System.Text;
using System.Text.Json.Nodes;

namespace Portcullis.Clients.Registry;

/// <summary>
/// A document that refers to an image: a manifest with the document as its only layer (OCI image specification 1.1, "Guidelines for Artifact Usage"). The same
/// document is the same artifact, so that attaching it again adds none.
/// </summary>
/// <param name="Subject">The image.</param>
/// <param name="ArtifactType">What the document is to the image.</param>
/// <param name="MediaType">The format of the document.</param>
/// <param name="Content">The document.</param>
public sealed record AttachedArtifact(ImageDescriptor Subject, string ArtifactType, string MediaType, ReadOnlyMemory<byte> Content)
{
    private static readonly byte[] Empty = "{}"u8.ToArray();

    /// <summary>Left out when there are none.</summary>
    public IReadOnlyDictionary<string, string> Annotations { get; init; } = new Dictionary<string, string>();

    /// <summary>Uploads the document and adds it to what is attached to the image; returns its digest.</summary>
    /// <param name="registry">The registry of the image.</param>
    /// <param name="repository">Without the registry's host.</param>
    /// <param name="tags">Writes the fallback tag.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="RegistryException">The registry does not answer, or refuses.</exception>
    public async Task<string> AttachAsync(RegistryClient registry, string repository, IManifestWriter tags, CancellationToken cancellationToken)
    {
        if (!await registry.Blobs.ExistsAsync(repository, ContentDigest.Of(Empty), cancellationToken))
        {
            await registry.Uploads.UploadAsync(repository, BlobSource.Of(Empty), cancellationToken);
        }

        // Nobody else has the document: asking for it first would be in vain, but for one that is attached again.
        await registry.Uploads.UploadAsync(repository, BlobSource.Of(Content), cancellationToken);
        var manifest = Manifest();
        await registry.Referrers.AttachAsync(repository, manifest, tags, cancellationToken);
        return manifest.Digest;
    }

    private RegistryManifest Manifest()
    {
        var manifest = new JsonObject
        {
            ["schemaVersion"] = 2,
            ["mediaType"] = RegistryMediaTypes.OciManifest,
            ["artifactType"] = ArtifactType,
            ["config"] = Descriptor(RegistryMediaTypes.OciEmpty, ContentDigest.Of(Empty), Empty.Length),
            ["layers"] = new JsonArray(Descriptor(MediaType, ContentDigest.Of(Content.Span), Content.Length)),
            ["subject"] = Descriptor(Subject.MediaType, Subject.Digest, Subject.Size),
        };
        if (Annotations.Count > 0)
        {
            manifest["annotations"] = new JsonObject(Annotations.Select(a => KeyValuePair.Create(a.Key, (JsonNode?)a.Value)));
        }

        return RegistryManifest.Of(RegistryMediaTypes.OciManifest, Encoding.UTF8.GetBytes(manifest.ToJsonString()));
    }

    private static JsonObject Descriptor(string mediaType, string digest, long size) => new() { ["mediaType"] = mediaType, ["digest"] = digest, ["size"] = size };
}

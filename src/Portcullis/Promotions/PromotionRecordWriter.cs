using System.Text;
using System.Text.Json.Nodes;
using Portcullis.Clients.Registry;
using Portcullis.Core.Promotions;
using Portcullis.Core.Repositories;
using Portcullis.Objects.Json;

namespace Portcullis.Promotions;

/// <summary>
/// Keeps a decision record beside the promoted image: an artifact that refers to it (OCI image specification 1.1, "Guidelines for Artifact Usage"). The
/// same record is the same artifact, so that writing it again adds none.
/// </summary>
internal sealed class PromotionRecordWriter(RegistryClient registry, IManifestWriter tags)
{
    private static readonly byte[] Empty = "{}"u8.ToArray();

    public async Task WriteAsync(RepositoryId target, ImageDescriptor image, PromotionEvidence evidence, CancellationToken cancellationToken)
    {
        var content = evidence.ToBytes();
        if (!await registry.Blobs.ExistsAsync(target.Name, ContentDigest.Of(Empty), cancellationToken))
        {
            await registry.Uploads.UploadAsync(target.Name, BlobSource.Of(Empty), cancellationToken);
        }

        // Nobody else has this one: asking for it first would be in vain, but for a record that is written again.
        await registry.Uploads.UploadAsync(target.Name, BlobSource.Of(content), cancellationToken);
        await registry.Referrers.AttachAsync(target.Name, Manifest(image, content, evidence), tags, cancellationToken);
    }

    private static RegistryManifest Manifest(ImageDescriptor image, byte[] content, PromotionEvidence evidence)
    {
        var manifest = new JsonObject
        {
            ["schemaVersion"] = 2,
            ["mediaType"] = RegistryMediaTypes.OciManifest,
            ["artifactType"] = PromotionEvidence.ArtifactType,
            ["config"] = Descriptor(RegistryMediaTypes.OciEmpty, ContentDigest.Of(Empty), Empty.Length),
            ["layers"] = new JsonArray(Descriptor(PromotionEvidence.ArtifactType, ContentDigest.Of(content), content.Length)),
            ["subject"] = Descriptor(image.MediaType, image.Digest, image.Size),
            ["annotations"] = new JsonObject { ["org.opencontainers.image.created"] = KubernetesJson.Time(evidence.Time) },
        };
        return RegistryManifest.Of(RegistryMediaTypes.OciManifest, Encoding.UTF8.GetBytes(manifest.ToJsonString()));
    }

    private static JsonObject Descriptor(string mediaType, string digest, long size) => new() { ["mediaType"] = mediaType, ["digest"] = digest, ["size"] = size };
}

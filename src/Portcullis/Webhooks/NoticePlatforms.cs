using System.Text.Json;
using System.Text.Json.Nodes;
using Portcullis.Clients.Registry;
using Portcullis.Core.Repositories;
using Portcullis.Core.Webhooks;
using Portcullis.Objects.Json;
using Portcullis.Registries;

namespace Portcullis.Webhooks;

/// <summary>Finds for which operating system and processor an image is, as its config says: DTR's notices have both. What cannot be read stays empty, as for an index.</summary>
internal sealed class NoticePlatforms(RegistryConnections connections)
{
    private const int LargestConfig = 1024 * 1024;

    public async Task<RepositoryNotice> CompleteAsync(RepositoryId repository, RepositoryNotice notice, CancellationToken cancellationToken)
    {
        if (notice is not (RepositoryNotice.OfTag or RepositoryNotice.OfManifest) || notice.Event is WebhookEvent.TagDelete or WebhookEvent.ManifestDelete)
        {
            return notice;
        }

        var config = await ConfigAsync(repository, notice.SubjectDigest, cancellationToken);
        var (os, architecture) = (config.String("os") ?? "", config.String("architecture") ?? "");
        return notice switch
        {
            RepositoryNotice.OfTag tag => tag with { Os = os, Architecture = architecture },
            RepositoryNotice.OfManifest manifest => manifest with { Os = os, Architecture = architecture },
            _ => notice,
        };
    }

    private async Task<JsonObject?> ConfigAsync(RepositoryId repository, string digest, CancellationToken cancellationToken)
    {
        try
        {
            var client = await connections.GetAsync(repository.Registry, cancellationToken);
            var manifest = await client.Manifests.GetAsync(repository.Name, digest, cancellationToken);
            return manifest?.View().Config is { } config && await client.Blobs.ReadAsync(repository.Name, config.Digest, LargestConfig, cancellationToken) is { } bytes
                ? JsonNode.Parse(bytes) as JsonObject
                : null;
        }
        catch (Exception e) when (e is RegistryException or RegistryUnavailableException or JsonException)
        {
            return null;
        }
    }
}

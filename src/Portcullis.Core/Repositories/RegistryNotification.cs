using System.Text.Json;
using System.Text.Json.Nodes;
using Portcullis.Core.Registries;
using Portcullis.Objects.Json;

namespace Portcullis.Core.Repositories;

/// <summary>What a registry's notification says of one manifest (distribution, "Notifications").</summary>
/// <param name="Repository">The repository.</param>
/// <param name="Tag">The tag that was pushed; null for a manifest without one, and for a deletion.</param>
/// <param name="Digest">The manifest's digest.</param>
/// <param name="IsDeletion">Whether it was deleted, or else pushed.</param>
public sealed record RegistryNotification(string Repository, string? Tag, string Digest, bool IsDeletion)
{
    /// <summary>The pushes and deletions of manifests in an envelope; pulls, blobs and what cannot be read are left out. Null when it is no envelope.</summary>
    public static IReadOnlyList<RegistryNotification>? Read(ReadOnlySpan<byte> body)
    {
        try
        {
            return (JsonNode.Parse(body) as JsonObject).Array("events") is { } events ? [.. events.OfType<JsonObject>().Select(Read).OfType<RegistryNotification>()] : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static RegistryNotification? Read(JsonObject one)
    {
        var target = one.Object("target");
        return one.String("action") is "push" or "delete" && target.String("repository") is { } repository && target.String("digest") is { } digest
            && RepositoryName.IsLegal(repository) && ImageDigest.IsLegal(digest) && IsManifest(target.String("mediaType"), one.String("action"))
            ? new RegistryNotification(repository, target.String("tag") is { Length: > 0 } tag ? tag : null, digest, one.String("action") == "delete")
            : null;
    }

    /// <summary>A deletion does not say what it was; blobs are pushed as octets.</summary>
    private static bool IsManifest(string? mediaType, string? action) => action == "delete" || mediaType is not (null or "" or "application/octet-stream");
}

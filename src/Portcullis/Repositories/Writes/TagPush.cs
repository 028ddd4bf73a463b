using Portcullis.Core.Repositories;

namespace Portcullis.Repositories.Writes;

/// <summary>A tag that is to name an image.</summary>
/// <param name="Repository">The repository.</param>
/// <param name="Tag">The tag.</param>
/// <param name="Digest">The digest of the manifest, already checked against its bytes.</param>
/// <param name="MediaType">The manifest's media type.</param>
/// <param name="Manifest">The manifest's bytes.</param>
internal sealed record TagPush(RepositoryId Repository, string Tag, string Digest, string MediaType, ReadOnlyMemory<byte> Manifest)
{
    /// <summary>Who pushes; null for nobody in particular.</summary>
    public string? Author { get; init; }

    /// <summary>Where it is promoted from; null for a push.</summary>
    public PromotionOrigin? PromotedFrom { get; init; }

    /// <summary>Whether the registry is known to have the manifest under its digest in this repository already.</summary>
    public bool IsStored { get; init; }

    /// <summary>
    /// Why what the ledger has of the tag (null: nothing) may not be overwritten; null when it may. Asked at the claim, so that nobody writes the tag in between.
    /// </summary>
    public Func<TagEntry?, string?>? Unless { get; init; }
}

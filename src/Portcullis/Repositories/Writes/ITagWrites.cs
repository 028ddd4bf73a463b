using Portcullis.Core.Repositories;

namespace Portcullis.Repositories.Writes;

/// <summary>
/// The one way to change what a tag names. Every write is claimed in the ledger first, so that the gateways and operators together write a tag
/// one after the other, and immutability holds between them.
/// </summary>
internal interface ITagWrites
{
    /// <summary>Makes a tag name an image.</summary>
    Task<TagWriteOutcome> PushAsync(TagPush push, CancellationToken cancellationToken);

    /// <summary>Makes a tag name what is made of the image that it names. Immutability does not hold for it: what changes so is the program's own list.</summary>
    Task<TagWriteOutcome> AmendAsync(TagAmendment amendment, CancellationToken cancellationToken);

    /// <summary>Removes a tag; other tags of the same image stay.</summary>
    Task<TagWriteOutcome> DeleteTagAsync(RepositoryId repository, string tag, string? author, CancellationToken cancellationToken);

    /// <summary>Removes an image with all of its tags; refused while one of them is immutable.</summary>
    Task<TagWriteOutcome> DeleteImageAsync(RepositoryId repository, string digest, string? author, CancellationToken cancellationToken);
}

using Portcullis.Core.Criteria;
using Portcullis.Core.Repositories;

namespace Portcullis.Evidence;

/// <summary>Nothing is known of any image: it was neither scanned nor verified.</summary>
internal sealed class NoEvidence : IImageEvidence
{
    public ValueTask<ImageEvidence> OfAsync(RepositoryId repository, string digest, CancellationToken cancellationToken) => new(ImageEvidence.None);
}

using Portcullis.Core.Criteria;
using Portcullis.Core.Repositories;

namespace Portcullis.Evidence;

/// <summary>What is known of images: scans and signatures. Promotion and pull blocking decide by it, and by nothing else.</summary>
internal interface IImageEvidence
{
    /// <summary>What is known of a digest in a repository. Of an index, what holds for all of its images.</summary>
    ValueTask<ImageEvidence> OfAsync(RepositoryId repository, string digest, EvidenceNeeds needs, CancellationToken cancellationToken);
}

using Portcullis.Core.Criteria;
using Portcullis.Core.Repositories;
using Portcullis.Signing;

namespace Portcullis.Evidence;

/// <summary>What scans and signatures say of images, as the operator and the gateway know it.</summary>
internal sealed class ImageEvidences(ScannedImages scans, SignatureEvidences signatures) : IImageEvidence
{
    public async ValueTask<ImageEvidence> OfAsync(RepositoryId repository, string digest, EvidenceNeeds needs, CancellationToken cancellationToken) => new()
    {
        Scan = await scans.OfAsync(repository, digest, needs, cancellationToken),
        Signatures = needs.HasFlag(EvidenceNeeds.Signatures) ? await signatures.OfAsync(repository, digest, cancellationToken) : null,
    };
}

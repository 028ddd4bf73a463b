using System.Text.Json;
using Portcullis.Core.Criteria;
using Portcullis.Core.Repositories;
using Portcullis.Core.Scans;
using Portcullis.Kubernetes.Client;

namespace Portcullis.Evidence;

/// <summary>What a cluster's ImageScans say, for the command line, and who signed an image. It reaches no registry, so that lists of components are not known to it.</summary>
internal sealed class ClusterEvidence(KubernetesClient client, Func<RepositoryId, string, CancellationToken, ValueTask<SignatureEvidence?>> signatures) : IImageEvidence
{
    public async ValueTask<ImageEvidence> OfAsync(RepositoryId repository, string digest, EvidenceNeeds needs, CancellationToken cancellationToken)
    {
        var scan = await client.GetAsync(ImageScan.Definition, ImageScanNames.Key(repository, digest), cancellationToken);
        return new ImageEvidence
        {
            Scan = ScanEvidences.Of(scan?.Deserialize(ScansJsonContext.Default.ImageScan), null),
            Signatures = needs.HasFlag(EvidenceNeeds.Signatures) ? await signatures(repository, digest, cancellationToken) : null,
        };
    }
}

using Portcullis.Clients.Registry;
using Portcullis.Core.Components;
using Portcullis.Core.Repositories;
using Portcullis.Core.Scans;
using Portcullis.Registries;
using Portcullis.Scanning.Store;

namespace Portcullis.Scans;

/// <summary>Sees to it that the components of a scanned image are attached to it.</summary>
internal sealed class EvidenceWork(EvidenceAttachments attachments, RegistryConnections connections, ComponentStore store)
{
    /// <returns>What was seen, with the digest of the evidence, or with why it is not attached.</returns>
    public async Task<ImageScanObservation> EnsureAsync(ImageScan scan, ImageContent.Image image, ImageScanObservation seen, CancellationToken cancellationToken)
    {
        if (image.Evidence is { } found)
        {
            return seen with { Evidence = found };
        }

        if (scan.Status is { Evidence: { } attached, ScannerVersion: ScannerVersion.Current })
        {
            return seen with { Evidence = attached };
        }

        try
        {
            return seen with { Evidence = await AttachAsync(ImageScanNames.RepositoryOf(scan), scan.Spec.Digest, image.Inventory, cancellationToken) };
        }
        catch (Exception e) when (e is RegistryException or RegistryUnavailableException or HttpRequestException)
        {
            return seen with { NotAttached = e.Message };
        }
    }

    /// <summary>Null when there is nothing to attach, or no key to sign it with.</summary>
    private async Task<string?> AttachAsync(RepositoryId repository, string digest, ImageInventory inventory, CancellationToken cancellationToken)
    {
        var layers = inventory.Layers.Select(store.Layer).OfType<LayerInventory>().ToList();
        var client = await connections.GetAsync(repository.Registry, cancellationToken);
        if (layers.Count < inventory.Layers.Count || await client.Manifests.GetAsync(repository.Name, digest, cancellationToken) is not { } manifest)
        {
            return null;
        }

        return await attachments.FindAsync(client, repository, manifest, cancellationToken) is var (there, _)
            ? there
            : await attachments.AttachAsync(
                client, repository, manifest, ComponentsEvidence.ArtifactType, name => new ComponentsEvidence(ScannerVersion.Current, layers).ToStatement(name, digest), cancellationToken);
    }
}

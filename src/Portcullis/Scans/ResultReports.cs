using System.Text.Json;
using System.Text.Json.Nodes;
using Portcullis.Clients.Registry;
using Portcullis.Core.Attestations;
using Portcullis.Core.Reports;
using Portcullis.Core.Repositories;
using Portcullis.Core.Scans;
using Portcullis.Objects.Json;
using Portcullis.Registries;
using Portcullis.Scanning.Store;

namespace Portcullis.Scans;

/// <summary>Attaches the result of a scan to its image: a CycloneDX document with the vulnerabilities, signed. It takes the place of the one before it.</summary>
internal sealed class ResultReports(EvidenceAttachments attachments, RegistryConnections connections, TimeProvider time)
{
    /// <summary>The predicate of a bill of materials (in-toto attestation framework, CycloneDX predicate).</summary>
    public const string PredicateType = "https://cyclonedx.org/bom";

    public const string ArtifactType = "application/vnd.portcullis.scan-result.v1";

    private const int LargestConfig = 1024 * 1024;

    /// <summary>Attaches what the status says already; what is new is written to the status first, and attached after that.</summary>
    public async Task<Reconciled<ImageScanStatus>> AttachAsync(ImageScan scan, ImageScanObservation seen, Reconciled<ImageScanStatus> judged, CancellationToken cancellationToken)
    {
        var status = judged.Status;
        if (!ImageScanJudge.HasToReport(status) || !ImageScanJudge.SaysTheSame(status, scan.Status) || seen is not { Inventories: [_], Result.Images: [_] })
        {
            return judged;
        }

        try
        {
            var repository = ImageScanNames.RepositoryOf(scan);
            var client = await connections.GetAsync(repository.Registry, cancellationToken);
            if (await client.Manifests.GetAsync(repository.Name, scan.Spec.Digest, cancellationToken) is { } manifest
                && await AttachAsync(client, repository, manifest, seen, cancellationToken) is { } attached)
            {
                await attachments.DetachAsync(client, repository, scan.Spec.Digest, status.Report, attached, cancellationToken);
                return judged with { Status = status with { Report = attached, ReportOutdated = null } };
            }
        }
        catch (Exception e) when (e is RegistryException or RegistryUnavailableException or HttpRequestException)
        {
            // Decisions are made by the ImageScan; the document is for others, and is attached later.
        }

        return judged with { Outcome = ImageScanJudge.NotAttached(judged.Outcome) };
    }

    private async Task<string?> AttachAsync(
        RegistryClient client, RepositoryId repository, RegistryManifest manifest, ImageScanObservation seen, CancellationToken cancellationToken)
    {
        var view = manifest.View();
        var config = view.Config is { } blob && await client.Blobs.ReadAsync(repository.Name, blob.Digest, LargestConfig, cancellationToken) is { } bytes ? Parse(bytes) : null;
        return await attachments.AttachAsync(
            client,
            repository,
            manifest,
            ArtifactType,
            name => InTotoStatement.About(name, manifest.Digest, PredicateType, JsonNode.Parse(CycloneDxReport.Write(new ImageReport
            {
                Image = $"{name}@{manifest.Digest}",
                Digest = manifest.Digest,
                Platform = $"{config.String("os")}/{config.String("architecture")}",
                Inventory = seen.Inventories[0],
                Layers = [.. view.Layers.Select(l => new ReportedLayer(l.Digest, l.Size, ""))],
                Findings = seen.Result!.Images[0],
                ScannerVersion = ScannerVersion.Current,
                CreatedAt = time.GetUtcNow(),
            }))!),
            cancellationToken);
    }

    private static JsonNode? Parse(byte[] config)
    {
        try
        {
            return JsonNode.Parse(config);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

using System.Collections.Concurrent;
using Portcullis.Clients.Registry;
using Portcullis.Core.Components;
using Portcullis.Core.Scans;
using Portcullis.Registries;

namespace Portcullis.Evidence;

/// <summary>
/// The components of images as the operator attached them. The digest of the evidence is in the ImageScan, which the operator alone writes: content that has this
/// digest is what it attached, without a key to verify it by.
/// </summary>
internal sealed class AttachedComponents(RegistryConnections connections) : IImageComponents
{
    private const int MostKept = 200;

    private readonly ConcurrentDictionary<string, IReadOnlyList<Component>> _read = new(StringComparer.Ordinal);

    public async ValueTask<IReadOnlyList<Component>?> OfAsync(ImageScan scan, CancellationToken cancellationToken)
    {
        if (scan.Status?.Evidence is not { } evidence)
        {
            return null;
        }

        if (_read.TryGetValue(evidence, out var known))
        {
            return known;
        }

        var components = await ReadAsync(scan, evidence, cancellationToken);
        if (components is not null)
        {
            if (_read.Count >= MostKept)
            {
                _read.Clear();
            }

            _read[evidence] = components;
        }

        return components;
    }

    private async Task<IReadOnlyList<Component>?> ReadAsync(ImageScan scan, string evidence, CancellationToken cancellationToken)
    {
        var repository = ImageScanNames.RepositoryOf(scan);
        try
        {
            var client = await connections.GetAsync(repository.Registry, cancellationToken);
            var statement = AttachedDocuments.StatementOf(await AttachedDocuments.ReadAsync(client, repository, evidence, cancellationToken));
            return statement is not null && scan.Status?.ScannerVersion is { } version && ComponentsEvidence.Read(statement, scan.Spec.Digest, version) is { } found
                ? [.. ImageMerge.Of(found.Layers, NoContents.Instance).Components.Select(c => c.Component).Distinct()]
                : null;
        }
        catch (Exception e) when (e is RegistryException or RegistryUnavailableException)
        {
            return null;
        }
    }
}

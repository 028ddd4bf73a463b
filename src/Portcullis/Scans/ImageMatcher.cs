using Portcullis.Core.Registries;
using Portcullis.Core.Repositories;
using Portcullis.Core.Scans;
using Portcullis.Core.Vulnerabilities;
using Portcullis.Core.Vulnerabilities.Vex;
using Portcullis.Kubernetes.Stores;
using Portcullis.Repositories.Writes;

namespace Portcullis.Scans;

/// <summary>Matches what is in an image with the vulnerability database, and leaves out what Git says does not count.</summary>
internal sealed class ImageMatcher(Advisories advisories, ForeignDocuments documents, DeclaredRepositories declared, IStore<Registry> registries, TimeProvider time)
{
    /// <exception cref="HttpRequestException">What others attached to the image cannot be read at the moment.</exception>
    public async Task<ImageScanObservation> MatchAsync(ImageScan scan, ImageScanObservation seen, CancellationToken cancellationToken)
    {
        var repository = ImageScanNames.RepositoryOf(scan);
        var images = (string[])[scan.Spec.Digest, .. seen.Images ?? []];
        var foreign = new List<ForeignEvidence>();
        foreach (var digest in images)
        {
            foreign.Add(await documents.OfAsync(repository, digest, cancellationToken));
        }

        return Match(repository, seen, images, foreign) with { Attested = [.. foreign.SelectMany(f => f.Attested)], Ignored = [.. foreign.SelectMany(f => f.Ignored)], Unread = [.. foreign.SelectMany(f => f.Unread)] };
    }

    private ImageScanObservation Match(RepositoryId repository, ImageScanObservation seen, IReadOnlyCollection<string> images, List<ForeignEvidence> foreign)
    {
        if (advisories.Current is not { } matches)
        {
            return seen;
        }

        var (overrides, now) = (Overrides(repository), time.GetUtcNow());
        var (vex, distribution) = (foreign.SelectMany(f => f.Vex).ToList(), seen.Inventories.Select(i => i.Distribution).FirstOrDefault());
        return seen with
        {
            Result = ImageResult.Of(
                seen.Inventories,
                matches,
                findings => VexFindings.Apply(FindingOverrides.Apply(findings, overrides, now), vex, images, distribution),
                [.. foreign.SelectMany(f => f.Reports).SelectMany(r => r.Findings)]),
            DatabaseDate = matches.Date,
            NextChange = FindingOverrides.NextEnd(overrides, now),
        };
    }

    /// <summary>Those of the repository, then those of its registry.</summary>
    private IReadOnlyList<VulnerabilityOverride> Overrides(RepositoryId repository) =>
        [.. declared.Find(repository)?.Spec.VulnerabilityOverrides ?? [], .. registries.Get(ObjectKey.Cluster(repository.Registry))?.Spec.VulnerabilityOverrides ?? []];
}

using Portcullis.Clients.Registry;
using Portcullis.Core.Promotions;
using Portcullis.Core.Repositories;
using Portcullis.Evidence;

namespace Portcullis.Promotions;

/// <summary>
/// Finds the record of a decision among what is attached to an image. The annotation says which ones to read; what is signed by the operator's key
/// counts. Without a key a forged one cannot be recognized, and the annotation alone counts.
/// </summary>
internal sealed class EqualRecords(RegistryClient registry, RepositoryId repository, PromotionEvidence evidence, EvidenceKey? key)
{
    /// <summary>Only what was pushed past the gateway can be forged. Beyond these a second record is the lesser evil.</summary>
    private const int MostRead = 50;

    private readonly Dictionary<string, bool> _read = new(StringComparer.Ordinal);

    /// <exception cref="RegistryException">The registry does not answer.</exception>
    public async Task<bool> AreThereAsync(CancellationToken cancellationToken)
    {
        var attached = await registry.Referrers.ListAsync(repository.Name, evidence.Digest, PromotionEvidence.ArtifactType, cancellationToken);
        await ReadAsync(Unread(attached), cancellationToken);
        return AreIn(attached);
    }

    /// <summary>Whether one of these, among those that were read, is the decision's.</summary>
    public bool AreIn(IEnumerable<ImageDescriptor> attached) => Candidates(attached).Any(c => key is null || _read.GetValueOrDefault(c.Digest));

    /// <summary>Those that must be read before anything can be said.</summary>
    public IReadOnlyList<string> Unread(IEnumerable<ImageDescriptor> attached) =>
        key is null ? [] : [.. Candidates(attached).Take(MostRead).Select(c => c.Digest).Where(d => !_read.ContainsKey(d))];

    /// <exception cref="RegistryException">The registry does not answer.</exception>
    public async Task ReadAsync(IReadOnlyList<string> digests, CancellationToken cancellationToken)
    {
        foreach (var digest in digests)
        {
            _read[digest] = await AttachedDocuments.VerifiedAsync(registry, repository, digest, key!, cancellationToken, PromotionEvidence.LargestRecord) is { } statement
                && PromotionEvidence.Read(statement, evidence.Digest)?.Decision == evidence.Decision;
        }
    }

    private IEnumerable<ImageDescriptor> Candidates(IEnumerable<ImageDescriptor> attached) => attached.Where(a =>
        a.ArtifactType == PromotionEvidence.ArtifactType && a.Annotations.GetValueOrDefault(PromotionEvidence.DecisionAnnotation) == evidence.Decision);
}

using Portcullis.Core.Criteria;
using Portcullis.Core.Identity;
using Portcullis.Core.Repositories;
using Portcullis.Evidence;
using Portcullis.Repositories.Ledger;
using Portcullis.Repositories.Writes;
using Portcullis.Signing;

namespace Portcullis.Gateway.Reading;

/// <summary>
/// Holds images against the repository's criteria. An image that is pulled by its digest is judged by the tags that name it, or that name an index it is in: an
/// image that no tag leads to meets no criterion about tags. A part of an index has the signatures of the index.
/// </summary>
internal sealed class CriteriaPullRules(IImageEvidence evidence, TagLedgers ledgers, IndexChildren children, SigningState signing, TimeProvider time) : IPullRules
{
    public async ValueTask<string?> BlockedAsync(Repository repository, string? tag, string digest, GatewayCaller caller, CancellationToken cancellationToken)
    {
        var id = DeclaredRepositories.IdOf(repository);
        var criteria = repository.Spec.PullBlocking!.Criteria;
        var needs = EvidenceNeed.Of(criteria);
        var known = await evidence.OfAsync(id, digest, needs, cancellationToken);
        var signs = needs.HasFlag(EvidenceNeeds.Signatures) && caller.User is { } user && signing.Current.IsSignerOf(user.Name, id.Name);
        string? missing = null;
        foreach (var name in await NamesAsync(id, tag, digest, cancellationToken))
        {
            var facts = new ImageFacts { Tag = name.Tag, Digest = digest, UpdatedAt = name.UpdatedAt, Evidence = await WithIndexAsync(id, known, name.Index, needs, cancellationToken) };
            var verdict = CriteriaEvaluation.Of(criteria, facts, time.GetUtcNow());
            if (verdict.AreMet || (signs && verdict.AreMetBesides(CriterionField.SignedBy)))
            {
                return null;
            }

            missing ??= verdict.Missing;
        }

        return missing;
    }

    private async ValueTask<ImageEvidence> WithIndexAsync(RepositoryId id, ImageEvidence known, string? index, EvidenceNeeds needs, CancellationToken cancellationToken) =>
        index is null || !needs.HasFlag(EvidenceNeeds.Signatures) ? known : known with { Signatures = (await evidence.OfAsync(id, index, EvidenceNeeds.Signatures, cancellationToken)).Signatures };

    /// <summary>At least one; for an image that no tag leads to, the empty tag.</summary>
    private async Task<IReadOnlyList<ImageTag>> NamesAsync(RepositoryId id, string? tag, string digest, CancellationToken cancellationToken)
    {
        if (tag is not null)
        {
            return [new(tag, ledgers.Find(id, tag) is { } entry && entry.Digest == digest ? entry.PushedAt : null, null)];
        }

        var all = ledgers.Of(id);
        var found = all.Where(e => e.Digest == digest).Select(e => new ImageTag(e.Tag, e.PushedAt, null)).ToList();
        if (found.Count == 0)
        {
            foreach (var index in all.Where(e => e.Digest is not null && IndexChildren.IsIndex(e.MediaType)))
            {
                if (await children.ContainAsync(id, index.Digest!, digest, cancellationToken))
                {
                    found.Add(new ImageTag(index.Tag, index.PushedAt, index.Digest));
                }
            }
        }

        return found.Count == 0 ? [new("", null, null)] : found;
    }

    /// <summary>A tag that leads to an image.</summary>
    /// <param name="Tag">Its name.</param>
    /// <param name="UpdatedAt">When it was pushed; null when that is not known.</param>
    /// <param name="Index">The index through which it leads there; null when it names the image.</param>
    private readonly record struct ImageTag(string Tag, DateTimeOffset? UpdatedAt, string? Index);
}

using Portcullis.Core.Criteria;
using Portcullis.Core.Repositories;
using Portcullis.Evidence;
using Portcullis.Repositories.Ledger;
using Portcullis.Repositories.Writes;

namespace Portcullis.Gateway.Reading;

/// <summary>
/// Holds images against the repository's criteria. An image that is pulled by its digest is judged by the tags that name it, or that name an index it is in: an
/// image that no tag leads to meets no criterion about tags.
/// </summary>
internal sealed class CriteriaPullRules(IImageEvidence evidence, TagLedgers ledgers, IndexChildren children, TimeProvider time) : IPullRules
{
    public async ValueTask<string?> BlockedAsync(Repository repository, string? tag, string digest, CancellationToken cancellationToken)
    {
        var id = DeclaredRepositories.IdOf(repository);
        var known = await evidence.OfAsync(id, digest, cancellationToken);
        string? missing = null;
        foreach (var (name, updatedAt) in await NamesAsync(id, tag, digest, cancellationToken))
        {
            var facts = new ImageFacts { Tag = name, Digest = digest, UpdatedAt = updatedAt, Evidence = known };
            var verdict = CriteriaEvaluation.Of(repository.Spec.PullBlocking!.Criteria, facts, time.GetUtcNow());
            if (verdict.AreMet)
            {
                return null;
            }

            missing ??= verdict.Missing;
        }

        return missing;
    }

    /// <summary>At least one; for an image that no tag leads to, the empty tag.</summary>
    private async Task<IReadOnlyList<(string Tag, DateTimeOffset? UpdatedAt)>> NamesAsync(RepositoryId id, string? tag, string digest, CancellationToken cancellationToken)
    {
        if (tag is not null)
        {
            return [(tag, ledgers.Find(id, tag) is { } entry && entry.Digest == digest ? entry.PushedAt : null)];
        }

        var all = ledgers.Of(id);
        var found = all.Where(e => e.Digest == digest).ToList();
        if (found.Count == 0)
        {
            foreach (var index in all.Where(e => e.Digest is not null && IndexChildren.IsIndex(e.MediaType)))
            {
                if (await children.ContainAsync(id, index.Digest!, digest, cancellationToken))
                {
                    found.Add(index);
                }
            }
        }

        return found.Count == 0 ? [("", null)] : [.. found.Select(e => (e.Tag, e.PushedAt))];
    }
}

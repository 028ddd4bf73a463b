using Portcullis.Core.Registries;
using Portcullis.Core.Repositories;

namespace Portcullis.Core.Webhooks;

/// <summary>The notices of a finished write of a tag, each with the repository whose webhooks get it: a promotion is a push to the target, and a promotion from the source; what only restores a tag is no news, nor is a list of referrers, which the gateway keeps.</summary>
public static class ClaimNotices
{
    public static IEnumerable<(RepositoryId Repository, RepositoryNotice Notice)> Of(RepositoryId repository, string host, string tag, TagClaim claim)
    {
        if (claim.Write == TagWrite.Restore || TagName.IsReferrersList(tag))
        {
            yield break;
        }

        var kind = claim.Write == TagWrite.Delete ? WebhookEvent.TagDelete : WebhookEvent.TagPush;
        yield return (repository, new RepositoryNotice.OfTag(kind, claim.At, host, repository.Name, tag, claim.Digest) { Author = claim.Author });
        if (claim is { Write: TagWrite.Push, PromotedFrom: { } origin })
        {
            yield return (
                repository with { Name = origin.Repository },
                new RepositoryNotice.OfPromotion(claim.At, host, origin.Repository, origin.Policy, origin.Tag, claim.Digest) { TargetRepository = repository.Name, TargetTag = tag });
        }
        else if (claim.Write == TagWrite.Push)
        {
            yield return (repository, new RepositoryNotice.OfManifest(WebhookEvent.ManifestPush, claim.At, host, repository.Name, claim.Digest) { Author = claim.Author });
        }
    }
}

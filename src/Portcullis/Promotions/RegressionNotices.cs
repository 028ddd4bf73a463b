using Portcullis.Core.Promotions;
using Portcullis.Core.Repositories;
using Portcullis.Core.Webhooks;
using Portcullis.Repositories.Writes;

namespace Portcullis.Promotions;

/// <summary>Notifies the webhooks of a policy's target of images that would not be promoted now, once for each.</summary>
internal sealed class RegressionNotices(INotices notices, DeclaredRepositories declared)
{
    public async Task RecordAsync(PromotionPolicy policy, IReadOnlyList<RegressedImage> regressions, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var target = new RepositoryId(policy.Spec.Registry, policy.Spec.Target.Repository);
        foreach (var one in regressions)
        {
            var notice = new RepositoryNotice.OfRegression(now, declared.HostOf(target.Registry), target.Name, policy.Key.Name, one.Tag, one.Digest, one.Reason);
            await notices.RecordAsync(target, notice, $"{policy.Key.Name}:{one.Tag}:{one.Digest}:{one.Reason}", cancellationToken);
        }
    }
}

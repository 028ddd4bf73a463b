using Portcullis.Core.Kinds;

namespace Portcullis.Core.Promotions;

/// <summary>What a policy uses: it reads one repository and writes another.</summary>
internal static class PromotionClaims
{
    public static IEnumerable<ScopeClaim> Of(PromotionPolicySpec spec) =>
    [
        new ScopeClaim.Repository("spec.source.repository", spec.Source.Repository),
        new ScopeClaim.Repository("spec.target.repository", spec.Target.Repository),
    ];
}

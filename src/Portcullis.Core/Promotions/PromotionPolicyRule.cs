using Portcullis.Core.Kinds;

namespace Portcullis.Core.Promotions;

/// <summary>What is wrong with the policies of a revision; with those in force besides it, no chain of policies leads back to where it began.</summary>
public sealed class PromotionPolicyRule : IRevisionRule
{
    public IEnumerable<RevisionProblem> Check(DeclaredRevision revision) => [];
}

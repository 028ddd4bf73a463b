using Portcullis.Core.Kinds;

namespace Portcullis.Core.Revisions;

/// <summary>Whether a revision holds together: what it says of custom resources, and the rules of every kind.</summary>
public static class RevisionRules
{
    /// <summary>All problems, ordered by place.</summary>
    public static IReadOnlyList<RevisionProblem> Check(DeclaredRevision revision, KindSet kinds) =>
        RevisionProblem.InOrder(kinds.Rules.Prepend(new CustomKindRule(kinds)).SelectMany(rule => rule.Check(revision with { Kinds = kinds })));
}

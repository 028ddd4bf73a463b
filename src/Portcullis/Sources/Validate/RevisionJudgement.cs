using Portcullis.Core.Kinds;
using Portcullis.Core.Revisions;
using Portcullis.Core.Scopes;

namespace Portcullis.Sources.Validate;

/// <summary>
/// What is wrong with a revision: every file's own problems, kinds and names, the rules across resources, the source's scope. The operator,
/// <c>validate</c> and <c>plan</c> all judge here, and differ only in what they know of the surroundings.
/// </summary>
internal static class RevisionJudgement
{
    /// <param name="content">The revision.</param>
    /// <param name="unread">Problems of files that could not be opened; they may hold anything.</param>
    /// <param name="around">Whose it is, and what others have in force.</param>
    /// <param name="kinds">The kinds of the program.</param>
    public static IReadOnlyList<RevisionProblem> Problems(
        RevisionContent content, IReadOnlyList<RevisionProblem> unread, RevisionSurroundings around, KindSet kinds) =>
        Problems(content, unread, content.ToDeclared(unread, around.InForce), around, kinds);

    /// <summary>
    /// The same where nobody knows what other sources declare: what names an object of theirs is no problem, but
    /// unknown.
    /// </summary>
    public static (IReadOnlyList<RevisionProblem> Problems, IReadOnlyList<RevisionProblem> Unknown) ProblemsOfPart(
        RevisionContent content, IReadOnlyList<RevisionProblem> unread, RevisionSurroundings around, KindSet kinds)
    {
        var whole = content.ToDeclared(unread, around.InForce);
        var elsewhere = kinds.Declarable.Select(k => new BrokenManifest(k.Resource.Kind, null));
        var problems = Problems(content, unread, whole with { Broken = [.. whole.Broken, .. elsewhere] }, around, kinds);
        return (problems, [.. Problems(content, unread, whole, around, kinds).Except(problems)]);
    }

    private static IReadOnlyList<RevisionProblem> Problems(
        RevisionContent content, IReadOnlyList<RevisionProblem> unread, DeclaredRevision revision, RevisionSurroundings around, KindSet kinds) =>
        RevisionProblem.InOrder(unread.Concat(content.With(RevisionRules.Check(revision, kinds)
            .Concat(new SourceUrlRule(around.AllowLocal).Check(revision))
            .Concat(around.IsStart ? [] : new RootSourceRule(around.RootSource).Check(revision))
            .Concat(ScopeCheck.Check(revision, around.Holder, kinds, o => around.OwnerOf(ObjectIdentity.Of(o.Resource.ApiVersion, o.Resource.Kind, o.Key)))))));
}

using Portcullis.Core.Kinds;

namespace Portcullis.Core.Sources;

/// <summary>What no schema can say of a GitSource: everything that would only show when the repository is read, or never.</summary>
public sealed class GitSourceRule : IRevisionRule
{
    public IEnumerable<RevisionProblem> Check(DeclaredRevision revision)
    {
        var scopes = new SourceScopeCheck(revision);
        return
            from declared in revision.Of(GitSource.Definition)
            let spec = TypedObject.Read<GitSource>(declared.Value).Spec
            from problem in GitSourceCheck.Of(spec).Concat(spec.Scope is null ? [] : scopes.Of(spec.Scope))
            select new RevisionProblem(declared.PositionOf(problem.Field), $"GitSource {declared.Key}: {problem.Field}: {problem.Message}");
    }
}

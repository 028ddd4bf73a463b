using Portcullis.Core.Kinds;
using Portcullis.Core.Sources;

namespace Portcullis.Sources.Validate;

/// <summary>The root source is declared by the operator's start parameters alone (design law 1): no revision may declare it.</summary>
internal sealed class RootSourceRule(string root) : IRevisionRule
{
    public IEnumerable<RevisionProblem> Check(DeclaredRevision revision) => revision.Of(GitSource.Definition)
        .Where(o => o.Key.Name == root)
        .Select(o => new RevisionProblem(
            o.Position,
            $"GitSource {root}: the root source is declared by the operator's start parameters (--root-file or --root-url) and by nothing else: remove it here"));
}

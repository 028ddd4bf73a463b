namespace Portcullis.Core.Kinds;

/// <summary>A check across resources (unknown collection, duplicate path). Rules never stop at the first problem.</summary>
public interface IRevisionRule
{
    IEnumerable<RevisionProblem> Check(DeclaredRevision revision);
}

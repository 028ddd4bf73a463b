using Portcullis.Core.Kinds;

namespace Portcullis.Core.Organizations;

/// <summary>Keys can be read and team members are users.</summary>
public sealed class OrganizationRule : IRevisionRule
{
    public IEnumerable<RevisionProblem> Check(DeclaredRevision revision) =>
        from declared in revision.Of(Organization.Definition)
        from problem in OrganizationMembers.Problems(TypedObject.Read<Organization>(declared.Value).Spec)
        select new RevisionProblem(declared.PositionOf(problem.Field), $"Organization {declared.Key}: {problem.Message}");
}

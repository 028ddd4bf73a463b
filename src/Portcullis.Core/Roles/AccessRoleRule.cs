using Portcullis.Core.Kinds;

namespace Portcullis.Core.Roles;

/// <summary>Roles name operations that exist and contain nothing that no role may contain.</summary>
public sealed class AccessRoleRule : IRevisionRule
{
    public IEnumerable<RevisionProblem> Check(DeclaredRevision revision) =>
        from declared in revision.Of(AccessRole.Definition)
        from problem in RoleResolution.Of(declared.Key.Name, TypedObject.Read<AccessRole>(declared.Value).Spec).Problems
        select new RevisionProblem(declared.PositionOf(problem.Field), $"AccessRole {declared.Key}: {problem.Message}");
}

using Portcullis.Core.Collections;

namespace Portcullis.Core.Access;

/// <summary>
/// Who may do what in a registry repository: a member of a collection as a namespace is, so that the grants which reach the collection decide.
/// A suspended grant gives nothing here: there is no binding that could stay as it was.
/// </summary>
public sealed class RepositoryAccess(AccessModel model)
{
    /// <summary>The collection that the repository is in; null for none, and then nobody has any permission on it.</summary>
    public CollectionNode? CollectionOf(string repository) => model.Tree.OfRepository(repository)?.Collection;

    /// <summary>The grants in force on a repository, in order of their names.</summary>
    public IReadOnlyList<RepositoryGrant> On(string repository, DateTimeOffset now) => model.Tree.OfRepository(repository) is { } pattern
        ?
        [
            .. model.GrantsReaching(pattern.Collection)
                .Where(g => g.Spec.Suspend != true
                    && AccessModel.StateAt(g.Spec, now).State == GrantState.Active
                    && !(pattern.IsBeyondScope && model.IsScoped(g)))
                .Select(g => g.Spec.RepositoryPermission is { } permission ? new RepositoryGrant(g.Key, permission, model.SubjectsOf(g).Subjects) : null)
                .OfType<RepositoryGrant>()
                .Where(g => g.Subjects.Count > 0)
                .OrderBy(g => g.Grant),
        ]
        : [];

    /// <summary>The most that any grant gives somebody on a repository; null for nothing.</summary>
    public RepositoryPermission? PermissionOn(AccessUser user, string repository, DateTimeOffset now) =>
        On(repository, now).Where(g => g.Subjects.Any(user.Is)).Max(g => (RepositoryPermission?)g.Permission);
}

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
                .Where(g => IsInForce(g, pattern, now))
                .Select(g => g.Spec.RepositoryPermission is { } permission ? new RepositoryGrant(g.Key, permission, model.SubjectsOf(g).Subjects) : null)
                .OfType<RepositoryGrant>()
                .Where(g => g.Subjects.Count > 0)
                .OrderBy(g => g.Grant),
        ]
        : [];

    /// <summary>
    /// The grant that gives somebody the most on a repository, of several the first by name; null for none. Asked for every request of a client: only
    /// his own grants are worked out.
    /// </summary>
    public RepositoryGrant? GreatestOn(AccessUser user, string repository, DateTimeOffset now)
    {
        RepositoryGrant? greatest = null;
        if (model.Tree.OfRepository(repository) is { } pattern)
        {
            foreach (var grant in model.GrantsReaching(pattern.Collection))
            {
                if (grant.Spec.RepositoryPermission is { } permission
                    && IsMore(permission, grant.Key, greatest)
                    && IsInForce(grant, pattern, now)
                    && model.SubjectsOf(grant).Subjects is var subjects && subjects.Any(user.Is))
                {
                    greatest = new RepositoryGrant(grant.Key, permission, subjects);
                }
            }
        }

        return greatest;
    }

    /// <summary>The most that any grant gives somebody on a repository; null for nothing.</summary>
    public RepositoryPermission? PermissionOn(AccessUser user, string repository, DateTimeOffset now) => GreatestOn(user, repository, now)?.Permission;

    private static bool IsMore(RepositoryPermission permission, ObjectKey grant, RepositoryGrant? greatest) =>
        greatest is null || permission > greatest.Permission || (permission == greatest.Permission && grant.CompareTo(greatest.Grant) < 0);

    private bool IsInForce(AccessGrant grant, RepositoryPattern pattern, DateTimeOffset now) =>
        grant.Spec.Suspend != true && AccessModel.StateAt(grant.Spec, now).State == GrantState.Active && !(pattern.IsBeyondScope && model.IsScoped(grant));
}

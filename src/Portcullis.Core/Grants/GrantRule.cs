using Portcullis.Core.Collections;
using Portcullis.Core.Organizations;
using Portcullis.Core.Revisions;
using Portcullis.Core.Roles;

namespace Portcullis.Core.Grants;

/// <summary>Every grant names a collection, a role and a subject that the revision, or what is in force besides it, has.</summary>
public sealed class GrantRule : IRevisionRule
{
    public IEnumerable<RevisionProblem> Check(DeclaredRevision revision)
    {
        var collections = All<Collection>(revision).ToList();
        var model = new AccessModel(
            CollectionTree.Build(collections, [], []), new SubjectBook(All<Organization>(revision)), new RoleBook(All<AccessRole>(revision)), []);
        foreach (var declared in revision.Of(Grant.Definition))
        {
            var grant = TypedObject.Read<Grant>(declared.Value);

            // The state at any time will do: what is wrong with a grant does not depend on it.
            if (model.Resolve(grant, DateTimeOffset.UnixEpoch).Problem is { } problem)
            {
                yield return new RevisionProblem(declared.PositionOf(problem.Field), $"Grant {declared.Key}: {problem.Message}");
            }
        }
    }

    private static IEnumerable<T> All<T>(DeclaredRevision revision)
        where T : class, IResource<T> =>
        revision.Of(T.Definition)
            .Select(d => TypedObject.Read<T>(d.Value))
            .Concat(TypedObject.InForce<T>(revision))
            .Where(o => o.Metadata.Name is not null)
            .DistinctBy(o => o.Metadata.Key);
}

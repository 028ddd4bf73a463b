using Portcullis.Core.Access;
using Portcullis.Core.Collections;
using Portcullis.Core.Kinds;
using Portcullis.Core.Organizations;
using Portcullis.Core.Roles;

namespace Portcullis.Core.Grants;

/// <summary>Every grant names a collection, a role and a subject that the revision, or what is in force besides it, has.</summary>
public sealed class GrantRule : IRevisionRule
{
    public IEnumerable<RevisionProblem> Check(DeclaredRevision revision)
    {
        var world = new World(
            [.. All<Collection>(revision)], All<Organization>(revision).ToDictionary(o => o.Key.Name, StringComparer.Ordinal), [.. All<AccessRole>(revision)]);
        var model = AccessModel.Build(new AccessSnapshot { Collections = world.Collections, Organizations = [.. world.Organizations.Values], Roles = world.Roles });
        foreach (var declared in revision.Of(Grant.Definition))
        {
            var grant = TypedObject.Read<Grant>(declared.Value);

            // The state at any time will do: what is wrong with a grant does not depend on it.
            if (model.Resolve(grant.ToAccess(), DateTimeOffset.UnixEpoch).Problem is { } problem && !IsReportedElsewhere(problem, grant.Spec, revision))
            {
                var near = world.Near(problem, grant.Spec) is { } name ? $"; did you mean {name}?" : "";
                yield return new RevisionProblem(declared.PositionOf(problem.Field), $"Grant {declared.Key}: {problem.Message}{near}");
            }
        }
    }

    /// <summary>What a grant names is in the revision, and wrong in itself: one mistake, one line.</summary>
    private static bool IsReportedElsewhere(Problem problem, GrantSpec spec, DeclaredRevision revision) => problem.Reason switch
    {
        AccessReasons.UnknownCollection => revision.MayHold(Collection.Definition),
        AccessReasons.UnknownRole => revision.MayHold(AccessRole.Definition, spec.Role),
        AccessReasons.RoleRefused => revision.Of(AccessRole.Definition).Any(r => r.Key.Name == spec.Role),
        AccessReasons.UnknownOrganization => revision.MayHold(Organization.Definition, OrganizationOf(spec)),
        _ => false,
    };

    private static string OrganizationOf(GrantSpec spec) => spec.Subject.Name.Split('/')[0];

    private static IEnumerable<T> All<T>(DeclaredRevision revision)
        where T : class, IResource<T> =>
        revision.Of(T.Definition)
            .Select(d => TypedObject.Read<T>(d.Value))
            .Concat(TypedObject.InForce<T>(revision))
            .Where(o => o.Metadata.Name is not null)
            .DistinctBy(o => o.Metadata.Key);

    /// <summary>What there is that a grant may name.</summary>
    private sealed record World(IReadOnlyList<Collection> Collections, IReadOnlyDictionary<string, Organization> Organizations, IReadOnlyList<AccessRole> Roles)
    {
        /// <summary>The name that was most likely meant.</summary>
        public string? Near(Problem problem, GrantSpec spec) => problem.Reason switch
        {
            AccessReasons.UnknownCollection => Spelling.Nearest(spec.Collection, [.. Collections.Select(c => c.Spec.Path)]),
            AccessReasons.UnknownRole => Spelling.Nearest(spec.Role, [.. BuiltInRoles.Names, .. Roles.Select(r => r.Key.Name)]),
            AccessReasons.UnknownOrganization => Spelling.Nearest(OrganizationOf(spec), [.. Organizations.Keys]),
            AccessReasons.UnknownTeam when Organizations.TryGetValue(OrganizationOf(spec), out var organization) =>
                Spelling.Nearest(spec.Subject.Name.Split('/')[^1], [.. (organization.Spec.Teams ?? []).Select(t => t.Name)]),
            _ => null,
        };
    }
}

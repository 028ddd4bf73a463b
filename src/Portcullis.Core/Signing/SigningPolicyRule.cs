using System.Globalization;
using Portcullis.Core.Collections;
using Portcullis.Core.Kinds;
using Portcullis.Core.Organizations;

namespace Portcullis.Core.Signing;

/// <summary>Every team that must have signed is there and large enough, and every collection of a scope is there: else nothing could ever run.</summary>
public sealed class SigningPolicyRule : IRevisionRule
{
    public IEnumerable<RevisionProblem> Check(DeclaredRevision revision)
    {
        var declared = revision.Of(SigningPolicy.Definition).OrderBy(o => o.Key).ToList();
        if (declared.Count == 0)
        {
            return [];
        }

        var world = new World(
            All<Organization>(revision).ToDictionary(o => o.Key.Name, o => o.Spec, StringComparer.Ordinal),
            All<Collection>(revision).Select(c => c.Spec.Path).ToHashSet(StringComparer.Ordinal),
            revision);
        return
            from one in declared
            from problem in world.ProblemsOf(TypedObject.Read<SigningPolicy>(one.Value).Spec)
            select new RevisionProblem(one.PositionOf(problem.Field), $"SigningPolicy {one.Key}: {problem.Message}");
    }

    private static IEnumerable<T> All<T>(DeclaredRevision revision)
        where T : class, IResource<T> =>
        revision.Of(T.Definition)
            .Select(d => TypedObject.Read<T>(d.Value))
            .Concat(TypedObject.InForce<T>(revision))
            .Where(o => o.Metadata.Name is not null)
            .DistinctBy(o => o.Metadata.Key);

    /// <summary>The organizations and collections that a policy may name.</summary>
    private sealed record World(Dictionary<string, OrganizationSpec> Organizations, HashSet<string> Collections, DeclaredRevision Revision)
    {
        public IEnumerable<(string Field, string Message)> ProblemsOf(SigningPolicySpec spec)
        {
            for (var i = 0; i < spec.Teams().Count; i++)
            {
                if (TeamProblem(spec.Teams()[i], string.Create(CultureInfo.InvariantCulture, $"spec.required[{i}]")) is { } problem)
                {
                    yield return problem;
                }
            }

            var paths = spec.Scope?.Collections ?? [];
            for (var i = 0; i < paths.Count; i++)
            {
                if (!Collections.Contains(paths[i]) && !Revision.MayHold(Collection.Definition))
                {
                    yield return (string.Create(CultureInfo.InvariantCulture, $"spec.scope.collections[{i}]"), $"there is no collection with the path {paths[i]}{Near(paths[i], Collections)}");
                }
            }
        }

        private (string Field, string Message)? TeamProblem(RequiredTeam required, string field)
        {
            var cut = required.Team.IndexOf('/', StringComparison.Ordinal);
            var (name, team) = (required.Team[..cut], required.Team[(cut + 1)..]);
            if (!Organizations.TryGetValue(name, out var organization))
            {
                return Revision.MayHold(Organization.Definition, name) ? null : ($"{field}.team", $"there is no Organization {name}{Near(name, [.. Organizations.Keys])}");
            }

            return OrganizationMembers.OfTeam(organization, team) is not { } members ? ($"{field}.team", $"the Organization {name} has no team {team}{Near(team, [.. (organization.Teams ?? []).Select(t => t.Name)])}")
                : members.Count < required.Count()
                    ? (required.Threshold is null ? $"{field}.team" : $"{field}.threshold", $"the team {required.Team} has {Pluralize.Of(members.Count, "member")}, so that {Pluralize.Of(required.Count(), "signature")} can never be reached")
                : null;
        }

        private static string Near(string wrong, IReadOnlyCollection<string> names) => Spelling.Nearest(wrong, names) is { } name ? $"; did you mean {name}?" : "";
    }
}

using Portcullis.Core.Collections;
using Portcullis.Core.Organizations;
using Portcullis.Core.Roles;

namespace Portcullis.Core.Grants;

/// <summary>What a set of bindings for one role in one namespace is made from.</summary>
public sealed record RoleInNamespace(ResolvedRole Role, IReadOnlyList<RbacSubject> Subjects, IReadOnlyList<string> Grants)
{
    /// <summary>Subjects of suspended grants: they stay where they are bound already and are bound nowhere else.</summary>
    public IReadOnlyList<RbacSubject> Paused { get; init; } = [];
}

/// <summary>
/// Who has which role where: the one place that decides it, for bindings, for status and for every question about access. Immutable but for
/// its memory of what it worked out; one thread at a time need not be assumed.
/// </summary>
public sealed class AccessModel
{
    private readonly Dictionary<string, OrganizationSpec> _organizations;
    private readonly Dictionary<string, (ResolvedRole Role, IReadOnlyList<RoleProblem> Problems)> _roles;
    private readonly ILookup<string, Grant> _byCollection;
    private readonly Func<Grant, string?>? _refusal;
    private readonly System.Collections.Concurrent.ConcurrentDictionary<
        (SubjectKind, string, SubjectExpansion), (IReadOnlyList<RbacSubject> Subjects, GrantProblem? Problem)> _subjects = new();

    /// <summary><paramref name="refusal"/> says why a grant is beyond what its source may give; null when it is not.</summary>
    public AccessModel(
        CollectionTree tree,
        IEnumerable<Organization> organizations,
        IEnumerable<AccessRole> roles,
        IEnumerable<Grant> grants,
        Func<Grant, string?>? refusal = null)
    {
        Tree = tree;
        _organizations = organizations.ToDictionary(o => o.Key.Name, o => o.Spec, StringComparer.Ordinal);
        _roles = roles.ToDictionary(r => r.Key.Name, r => RoleResolver.Resolve(r.Key.Name, r.Spec), StringComparer.Ordinal);
        _byCollection = grants.Where(g => !g.Metadata.IsBeingDeleted).OrderBy(g => g.Key).ToLookup(g => g.Spec.Collection, StringComparer.Ordinal);
        _refusal = refusal;
    }

    public CollectionTree Tree { get; }

    /// <summary>The role of that name, built in or not; null when there is none or it may not be used.</summary>
    public ResolvedRole? FindRole(string name) => BuiltInRoles.Find(name) ?? (_roles.TryGetValue(name, out var role) ? role.Role : null);

    public GrantResolution Resolve(Grant grant, DateTimeOffset now)
    {
        var spec = grant.Spec;
        var (state, next) = StateAt(spec, now);
        var (subjects, problem) = SubjectsOf(spec);
        problem = CollectionProblem(spec) ?? RoleProblem(spec) ?? problem ?? ScopeProblem(grant);
        return new GrantResolution
        {
            Grant = grant,
            State = state,
            NextChange = next,
            Problem = problem,
            Role = problem is null ? FindRole(spec.Role) : null,
            Subjects = problem is null ? subjects : [],
            Namespaces = problem is null ? NamespacesOf(spec) : [],
        };
    }

    /// <summary>What is to be bound in a namespace, by role in order of name.</summary>
    public IReadOnlyList<RoleInNamespace> In(string @namespace, DateTimeOffset now)
    {
        var collection = Tree.OfNamespace(@namespace);
        var roles = new SortedDictionary<string, (ResolvedRole Role, HashSet<RbacSubject> Subjects, HashSet<RbacSubject> Paused, SortedSet<string> Grants)>(
            StringComparer.Ordinal);
        foreach (var grant in GrantsReaching(collection))
        {
            if (StateAt(grant.Spec, now).State != GrantState.Active
                || FindRole(grant.Spec.Role) is not { IsEmpty: false } role
                || RoleProblem(grant.Spec) is not null
                || SubjectsOf(grant.Spec) is not { Problem: null, Subjects: { Count: > 0 } subjects }
                || ScopeProblem(grant) is not null)
            {
                continue;
            }

            if (!roles.TryGetValue(role.Name, out var entry))
            {
                roles[role.Name] = entry = (role, [], [], new SortedSet<string>(StringComparer.Ordinal));
            }

            (grant.Spec.Suspend == true ? entry.Paused : entry.Subjects).UnionWith(subjects);
            entry.Grants.Add(grant.Key.Name);
        }

        return [.. roles.Values.Select(r => new RoleInNamespace(r.Role, [.. r.Subjects.Order()], [.. r.Grants]) { Paused = [.. r.Paused.Order()] })];
    }

    /// <summary>When time alone next changes what is bound anywhere in the namespace.</summary>
    public DateTimeOffset? NextChangeIn(string @namespace, DateTimeOffset now) =>
        GrantsReaching(Tree.OfNamespace(@namespace)).Select(g => StateAt(g.Spec, now).NextChange).Min();

    /// <summary>The grants that name a collection at or above the namespace's and reach it.</summary>
    public IEnumerable<Grant> GrantsReaching(CollectionNode? collection)
    {
        if (collection is null)
        {
            yield break;
        }

        foreach (var level in collection.SelfAndAncestors())
        {
            foreach (var grant in _byCollection[level.Path].Where(g => Reaches(g.Spec.Reach, level == collection)))
            {
                yield return grant;
            }
        }
    }

    public static (GrantState State, DateTimeOffset? NextChange) StateAt(GrantSpec spec, DateTimeOffset now)
    {
        if (spec.ExpiresAt is { } end && now >= end)
        {
            return (GrantState.Expired, null);
        }

        return spec.StartsAt is { } start && now < start ? (GrantState.Pending, start) : (GrantState.Active, spec.ExpiresAt);
    }

    private static bool Reaches(GrantReach? reach, bool isItself) => reach switch
    {
        GrantReach.Exact => isItself,
        GrantReach.Descendants => !isItself,
        _ => true,
    };

    private IReadOnlyList<string> NamespacesOf(GrantSpec spec) => Tree.ByPath(spec.Collection) is not { } collection
        ? []
        :
        [
            .. collection.Subtree()
                .Where(c => Reaches(spec.Reach, c == collection))
                .SelectMany(c => c.Namespaces)
                .Order(StringComparer.Ordinal),
        ];

    private (IReadOnlyList<RbacSubject> Subjects, GrantProblem? Problem) SubjectsOf(GrantSpec spec) =>
        _subjects.GetOrAdd(
            (spec.Subject.Kind, spec.Subject.Name, spec.Expand ?? SubjectExpansion.Users),
            static (_, state) => GrantSubjects.Resolve(
                state.Spec.Subject, state.Spec.Expand ?? SubjectExpansion.Users, name => state.Organizations.GetValueOrDefault(name)),
            (Spec: spec, Organizations: _organizations));

    private GrantProblem? CollectionProblem(GrantSpec spec) => Tree.ByPath(spec.Collection) is null
        ? new GrantProblem(GrantReasons.UnknownCollection, "spec.collection", $"there is no collection with the path {spec.Collection}")
        : null;

    private GrantProblem? RoleProblem(GrantSpec spec)
    {
        if (BuiltInRoles.Find(spec.Role) is not null)
        {
            return null;
        }

        if (!_roles.TryGetValue(spec.Role, out var role))
        {
            return new GrantProblem(GrantReasons.UnknownRole, "spec.role", $"there is no role {spec.Role}");
        }

        return role.Problems.Count == 0
            ? null
            : new GrantProblem(GrantReasons.RoleRefused, "spec.role", $"the role {spec.Role} cannot be used: {role.Problems[0].Message}");
    }

    private GrantProblem? ScopeProblem(Grant grant) =>
        _refusal?.Invoke(grant) is { } message ? new GrantProblem(GrantReasons.BeyondScope, "spec", message) : null;
}

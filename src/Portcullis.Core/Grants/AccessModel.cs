using Portcullis.Core.Collections;
using Portcullis.Core.Roles;

namespace Portcullis.Core.Grants;

/// <summary>What a set of bindings for one role in one namespace is made from.</summary>
public sealed record RoleInNamespace(ResolvedRole Role, IReadOnlyList<RbacSubject> Subjects, IReadOnlyList<string> Grants)
{
    /// <summary>Subjects of suspended grants: they stay where they are bound already and are bound nowhere else.</summary>
    public IReadOnlyList<RbacSubject> Paused { get; init; } = [];
}

/// <summary>
/// Who has which role where: the one place that decides it, for bindings, for status and for every question about access.
/// Immutable, so any number of threads may ask.
/// </summary>
public sealed class AccessModel
{
    private readonly SubjectBook _subjects;
    private readonly RoleBook _roles;
    private readonly ILookup<string, Grant> _byCollection;
    private readonly Func<Grant, string?>? _refusal;
    private readonly Func<Grant, bool>? _isScoped;

    /// <summary>
    /// <paramref name="refusal"/> says why a grant is beyond what its source may give; null when it is not. <paramref name="isScoped"/>
    /// tells the grants of sources that have a scope at all.
    /// </summary>
    public AccessModel(
        CollectionTree tree, SubjectBook subjects, RoleBook roles, IEnumerable<Grant> grants, Func<Grant, string?>? refusal = null, Func<Grant, bool>? isScoped = null)
    {
        Tree = tree;
        _subjects = subjects;
        _roles = roles;
        _byCollection = grants.Where(g => !g.Metadata.IsBeingDeleted).OrderBy(g => g.Key).ToLookup(g => g.Spec.Collection, StringComparer.Ordinal);
        _refusal = refusal;
        _isScoped = isScoped;
    }

    public CollectionTree Tree { get; }

    /// <summary>Stands for this very model, without keeping it alive: two models with the same identity say the same.</summary>
    public object Identity { get; } = new();

    /// <summary>Only a role that exists and may be used.</summary>
    public ResolvedRole? FindRole(string name) => _roles.Find(name) is { Problems.Count: 0 } found ? found.Role : null;

    public GrantResolution Resolve(Grant grant, DateTimeOffset now)
    {
        var spec = grant.Spec;
        var (state, next) = StateAt(spec, now);
        var (subjects, problem) = _subjects.Resolve(spec);
        problem = MissingCollection(spec) ?? RoleProblem(spec) ?? problem ?? ScopeProblem(grant);
        return new GrantResolution
        {
            Grant = grant,
            State = state,
            NextChange = next,
            Problem = problem,
            Role = problem is null ? FindRole(spec.Role) : null,
            Subjects = problem is null ? subjects : [],
            Namespaces = problem is null ? NamespacesOf(grant) : [],
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
                || _subjects.Resolve(grant.Spec) is not { Problem: null, Subjects: { Count: > 0 } subjects }
                || ScopeProblem(grant) is not null
                || IsOutOfReach(grant, collection!, @namespace))
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

    private IReadOnlyList<string> NamespacesOf(Grant grant) => Tree.ByPath(grant.Spec.Collection) is not { } collection
        ? []
        :
        [
            .. collection.Subtree()
                .Where(c => Reaches(grant.Spec.Reach, c == collection))
                .SelectMany(c => c.Namespaces.Where(n => !IsOutOfReach(grant, c, n)))
                .Order(StringComparer.Ordinal),
        ];

    /// <summary>A namespace that its collection's source may no longer claim is nothing that a source with a scope could give.</summary>
    private bool IsOutOfReach(Grant grant, CollectionNode collection, string @namespace) =>
        collection.BeyondScope.Count > 0 && collection.BeyondScope.Contains(@namespace) && _isScoped?.Invoke(grant) == true;

    private Problem? MissingCollection(GrantSpec spec) => Tree.ByPath(spec.Collection) is null
        ? new Problem(GrantReasons.UnknownCollection, "spec.collection", $"there is no collection with the path {spec.Collection}")
        : null;

    private Problem? RoleProblem(GrantSpec spec) => _roles.Find(spec.Role) switch
    {
        null => new Problem(GrantReasons.UnknownRole, "spec.role", $"there is no role {spec.Role}"),
        { Problems: [var first, ..] } =>
            new Problem(GrantReasons.RoleRefused, "spec.role", $"the role {spec.Role} cannot be used: {first.Message}"),
        _ => null,
    };

    private Problem? ScopeProblem(Grant grant) =>
        _refusal?.Invoke(grant) is { } message ? new Problem(GrantReasons.BeyondScope, "spec", message) : null;
}

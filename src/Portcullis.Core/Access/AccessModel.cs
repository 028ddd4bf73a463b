using Portcullis.Core.Collections;
using Portcullis.Core.Roles;

namespace Portcullis.Core.Access;

/// <summary>
/// Who has which role where: the one place that decides it, for bindings, for status and for every question about access.
/// Immutable, so any number of threads may ask.
/// </summary>
public sealed class AccessModel
{
    private readonly AccessSnapshot _snapshot;
    private readonly SourceScopes _scopes;
    private readonly SubjectResolver _subjects;
    private readonly RoleResolver _roles;
    private readonly GrantsByCollection _grants;

    private AccessModel(AccessSnapshot snapshot)
    {
        _snapshot = snapshot;
        _scopes = new SourceScopes([], snapshot.RootSource);
        _subjects = SubjectResolver.Nothing;
        _roles = RoleResolver.BuiltIn;
        _grants = GrantsByCollection.Nothing;
        Tree = CollectionTree.Nothing;
    }

    private AccessModel(AccessModel before, AccessSnapshot snapshot)
    {
        var change = AccessChange.Between(before._snapshot, snapshot);
        _snapshot = snapshot;
        _scopes = change.RescopedSources.Count == 0 ? before._scopes : new SourceScopes(snapshot.Sources, snapshot.RootSource);
        _subjects = before._subjects.With(change.Organizations);
        _roles = before._roles.With(change.Roles);
        _grants = before._grants.With(change.Grants);
        Tree = change.Tree.IsEmpty ? before.Tree : before.Tree.With(change.Tree, new ClaimScopes(snapshot.RootSource, _scopes.Refusal, _scopes.Covers));
    }

    /// <summary>
    /// The one way to a model. From <paramref name="before"/> only what its lists and these differ in is worked out, so that a change costs the same
    /// however much there is; the result is the same without.
    /// </summary>
    public static AccessModel Build(AccessSnapshot snapshot, AccessModel? before = null) =>
        new(before?._snapshot.RootSource == snapshot.RootSource && before is not null ? before : new AccessModel(new AccessSnapshot { RootSource = snapshot.RootSource }), snapshot);

    public CollectionTree Tree { get; }

    /// <summary>The same for registry repositories.</summary>
    public RepositoryAccess Repositories => new(this);

    /// <summary>Stands for this very model, without keeping it alive: two models with the same identity say the same.</summary>
    public object Identity { get; } = new();

    /// <summary>Whether everything is known that access depends on.</summary>
    public bool IsSettled => _snapshot.Unsettled.IsEmpty;

    /// <summary>Whether it is known which namespace and node is in which collection.</summary>
    public bool IsTreeSettled => !_snapshot.Unsettled.Tree;

    /// <summary>
    /// Whether those who are bound for a grant stay bound, although it cannot be said that it gives them anything: it, or what it depends on, is
    /// unsettled.
    /// </summary>
    public bool Keeps(string grant, DateTimeOffset now) =>
        !IsSettled
        && (_snapshot.Unsettled.Grants.Contains(grant)
            || _snapshot.Grants.Any(g => g.Key.Name == grant && _snapshot.Unsettled.Concerns(g.Spec) && StateAt(g.Spec, now).State == GrantState.Active));

    /// <summary>Only a role that exists and may be used.</summary>
    public ResolvedRole? FindRole(string name) => _roles.Find(name) is { Problems.Count: 0 } found ? found.Role : null;

    public GrantResolution Resolve(AccessGrant grant, DateTimeOffset now)
    {
        var spec = grant.Spec;
        var (state, next) = StateAt(spec, now);
        var (subjects, problem) = SubjectsOf(grant);
        if (problem is not null)
        {
            return new GrantResolution { Grant = grant, State = state, NextChange = next, Problem = problem };
        }

        var reached = CollectionsOf(grant);
        return new GrantResolution
        {
            Grant = grant,
            State = state,
            NextChange = next,
            Role = FindRole(spec.Role),
            Subjects = subjects,
            Namespaces = [.. reached.SelectMany(c => c.Namespaces.Where(n => !IsOutOfReach(grant, c, n))).Order(StringComparer.Ordinal)],
            NamespacesToCome = reached.Sum(c => c.NamespacesToCreate.Count),
            RepositoryPatterns = reached.Sum(c => c.Repositories.Count),
            CollectionProblem = Tree.ByPath(spec.Collection)?.Problems.FirstOrDefault(p => !p.Waits)?.ToProblem(),
        };
    }

    /// <summary>Whom the grant gives anything at all, once it is in force.</summary>
    public SubjectResolution SubjectsOf(AccessGrant grant)
    {
        var found = _subjects.Resolve(grant.Spec);
        return (MissingCollection(grant.Spec) ?? RoleProblem(grant.Spec) ?? found.Problem ?? ScopeProblem(grant)) is { } problem
            ? new SubjectResolution([], problem)
            : found;
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

            (grant.Spec.Suspend == true || !IsTreeSettled ? entry.Paused : entry.Subjects).UnionWith(subjects);
            entry.Grants.Add(grant.Key.Name);
        }

        return [.. roles.Values.Select(r => new RoleInNamespace(r.Role, [.. r.Subjects.Order()], [.. r.Grants]) { Paused = [.. r.Paused.Order()] })];
    }

    /// <summary>When time alone next changes what is bound anywhere in the namespace.</summary>
    public DateTimeOffset? NextChangeIn(string @namespace, DateTimeOffset now) =>
        GrantsReaching(Tree.OfNamespace(@namespace)).Select(g => StateAt(g.Spec, now).NextChange).Min();

    /// <summary>The grants that name a collection at or above the namespace's and reach it.</summary>
    public IEnumerable<AccessGrant> GrantsReaching(CollectionNode? collection)
    {
        if (collection is null)
        {
            yield break;
        }

        foreach (var level in collection.SelfAndAncestors())
        {
            foreach (var grant in _grants.On(level.Path).Where(g => Reaches(g.Spec.Reach, level == collection)))
            {
                yield return grant;
            }
        }
    }

    /// <summary>Whether a source with a scope declared the grant.</summary>
    internal bool IsScoped(AccessGrant grant) => _scopes.Hold(grant);

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

    private List<CollectionNode> CollectionsOf(AccessGrant grant) => Tree.ByPath(grant.Spec.Collection) is { } collection
        ? [.. collection.Subtree().Where(c => Reaches(grant.Spec.Reach, c == collection))]
        : [];

    /// <summary>A namespace that its collection's source may no longer claim is nothing that a source with a scope could give.</summary>
    private bool IsOutOfReach(AccessGrant grant, CollectionNode collection, string @namespace) =>
        collection.IsBeyondScope(@namespace) && IsScoped(grant);

    private Problem? MissingCollection(GrantSpec spec) => Tree.ByPath(spec.Collection) is null
        ? new Problem(AccessReasons.UnknownCollection, "spec.collection", $"there is no collection with the path {spec.Collection}")
        : null;

    private Problem? RoleProblem(GrantSpec spec) => _roles.Find(spec.Role) switch
    {
        null => new Problem(AccessReasons.UnknownRole, "spec.role", $"there is no role {spec.Role}"),
        { Problems: [var first, ..] } =>
            new Problem(AccessReasons.RoleRefused, "spec.role", $"the role {spec.Role} cannot be used: {first.Message}"),
        _ => null,
    };

    private Problem? ScopeProblem(AccessGrant grant) =>
        _scopes.Refusal(grant, _roles) is { } message ? new Problem(AccessReasons.BeyondScope, "spec", message) : null;
}

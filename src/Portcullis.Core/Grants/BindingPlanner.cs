using System.Text.Json.Nodes;
using Portcullis.Core.Access;
using Portcullis.Core.Drift;
using Portcullis.Core.Kept;
using Portcullis.Core.Roles;
using Portcullis.Objects.Json;

namespace Portcullis.Core.Grants;

/// <summary>What to do, and the bindings that are right as they are.</summary>
public sealed record BindingPlan(IReadOnlyList<BindingAction> Actions, IReadOnlyList<(ObjectKey Key, JsonObject Body)> InPlace);

/// <summary>
/// What to do so that the RoleBindings of one namespace say exactly what all grants together give there. The namespace is the unit, because
/// bindings are shared by grants: grouped by role, at most five hundred subjects each.
/// </summary>
public static class BindingPlanner
{
    private const int NamedGrants = 100;

    /// <summary>Ends the names where there are more; no name of an object has a space.</summary>
    private const string NamesEnd = " and ";

    /// <param name="namespace">The namespace.</param>
    /// <param name="wanted">What all grants together give there.</param>
    /// <param name="observed">Every RoleBinding of ours there, by name.</param>
    /// <param name="adopts">Bindings that were there before under names of ours are taken over.</param>
    /// <param name="keeps">Whether those who are bound for a grant stay so, whatever is wanted; null: nobody does.</param>
    public static BindingPlan Plan(
        string @namespace,
        IReadOnlyList<RoleInNamespace> wanted,
        IReadOnlyDictionary<string, JsonObject> observed,
        bool adopts = false,
        Func<string, bool>? keeps = null)
    {
        var held = keeps is null ? [] : observed.Where(o => Noted(o.Value).Any(keeps)).ToDictionary(o => o.Key, o => o.Value, StringComparer.Ordinal);
        var actions = new List<BindingAction>();
        var inPlace = new List<(ObjectKey Key, JsonObject Body)>();
        var kept = new HashSet<string>(StringComparer.Ordinal);
        foreach (var role in wanted.Select(w => WithHeld(w, held)))
        {
            foreach (var (bits, subjects) in SubjectBuckets.Split(role.Subjects.Concat(StillBound(role, observed))))
            {
                var name = NameOf(role.Role, bits);
                kept.Add(name);
                var body = Body(@namespace, name, role, subjects);
                var present = observed.GetValueOrDefault(name);
                var key = new ObjectKey(@namespace, name);
                if (present is not null && !DesiredState.Holds(body["roleRef"], present["roleRef"]))
                {
                    actions.Add(new BindingAction.Replace(key, body, present.Object("metadata").String("uid")) { OnBehalfOf = Concerned(role.Grants, present) });
                }
                else if (!KeptState.Holds(body, present))
                {
                    actions.Add(new BindingAction.Apply(key, body, present is not null)
                    {
                        Adopts = adopts,
                        Change = ChangeOf(subjects, present),
                        OnBehalfOf = Concerned(role.Grants, present),
                    });
                }
                else
                {
                    inPlace.Add((key, body));
                }
            }
        }

        actions.AddRange(observed.Keys
            .Where(name => IsOurs(name) && !kept.Contains(name) && !held.ContainsKey(name))
            .Order(StringComparer.Ordinal)
            .Select(name => new BindingAction.Delete(new ObjectKey(@namespace, name)) { OnBehalfOf = Concerned([], observed[name]) }));
        return new BindingPlan(actions, inPlace);
    }

    /// <summary>Whether these bindings give every one of the subjects the role.</summary>
    public static bool InForce(ResolvedRole role, IReadOnlyList<RbacSubject> subjects, IEnumerable<JsonObject> observed)
    {
        var bound = Bound(role, observed);
        return subjects.All(bound.Contains);
    }

    /// <summary>Whether a binding of this name is for a role, whatever bucket of its subjects it holds.</summary>
    public static bool IsOf(string role, string name)
    {
        var whole = ResolvedRole.ClusterRolePrefix + role;
        return name == whole || name.StartsWith($"{whole}:", StringComparison.Ordinal);
    }

    /// <summary>Only we may use the prefix; a binding of that name that we do not want is removed, whoever made it.</summary>
    public static bool IsOurs(string name) => name.StartsWith(ResolvedRole.ClusterRolePrefix, StringComparison.Ordinal);

    public static string NameOf(ResolvedRole role, string bits) => bits.Length == 0 ? role.ClusterRoleName : $"{role.ClusterRoleName}:{bits}";

    private static IEnumerable<RbacSubject> StillBound(RoleInNamespace role, IReadOnlyDictionary<string, JsonObject> observed)
    {
        if (role.Paused.Count == 0)
        {
            return [];
        }

        var bound = Bound(role.Role, observed.Values);
        return role.Paused.Where(bound.Contains);
    }

    /// <summary>Those who are bound by a binding that is held stay bound by it, and it keeps naming their grants.</summary>
    private static RoleInNamespace WithHeld(RoleInNamespace role, Dictionary<string, JsonObject> held)
    {
        var bindings = held.Values.Where(h => h.Object("roleRef").String("name") == role.Role.ClusterRoleName).ToList();
        return bindings.Count == 0 ? role : role with
        {
            Paused = [.. role.Paused.Concat(bindings.SelectMany(SubjectsOf)).Except(role.Subjects).Distinct().Order()],
            Grants = [.. role.Grants.Concat(bindings.SelectMany(Noted)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
        };
    }

    /// <summary>The grants that a binding is to stand for, and those that it stood for until now.</summary>
    private static IReadOnlyList<ObjectKey> Concerned(IReadOnlyList<string> grants, JsonObject? present) =>
        [.. grants.Concat(Noted(present)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Select(ObjectKey.Cluster)];

    private static IEnumerable<string> Noted(JsonObject? present) =>
        (present.Object("metadata").Object("annotations").String(WellKnown.Annotations.Grants) is { } names ? names.Split(NamesEnd)[0].Split(',') : [])
        .Where(n => n.Length > 0);

    private static ActionEffect ChangeOf(IReadOnlyList<RbacSubject> wanted, JsonObject? present)
    {
        var bound = SubjectsOf(present).ToHashSet();
        var added = wanted.Count(s => !bound.Remove(s));
        return bound.Count > 0 ? ActionEffect.Narrow : added > 0 ? ActionEffect.Widen : ActionEffect.Neutral;
    }

    private static IEnumerable<RbacSubject> SubjectsOf(JsonObject? binding) =>
        (binding.Array("subjects") ?? []).Select(RbacSubject.Read).OfType<RbacSubject>();

    private static HashSet<RbacSubject> Bound(ResolvedRole role, IEnumerable<JsonObject> observed)
    {
        var bound = new HashSet<RbacSubject>();
        foreach (var binding in observed.Where(b => b.Object("roleRef").String("name") == role.ClusterRoleName && b.Object("roleRef").String("kind") == "ClusterRole"))
        {
            bound.UnionWith(SubjectsOf(binding));
        }

        return bound;
    }

    private static JsonObject Body(string @namespace, string name, RoleInNamespace role, IReadOnlyList<RbacSubject> subjects)
    {
        var list = new JsonArray();
        foreach (var subject in subjects)
        {
            list.Add((JsonNode)subject.ToJson());
        }

        return new JsonObject
        {
            ["apiVersion"] = ClusterKinds.RoleBinding.ApiVersion,
            ["kind"] = ClusterKinds.RoleBinding.Kind,
            ["metadata"] = new JsonObject
            {
                ["name"] = name,
                ["namespace"] = @namespace,
                ["labels"] = new JsonObject
                {
                    [WellKnown.Labels.ManagedBy] = WellKnown.Labels.ManagedByValue,
                    [WellKnown.Labels.Role] = role.Role.Name,
                },
                ["annotations"] = new JsonObject { [WellKnown.Annotations.Grants] = Names(role.Grants) },
            },
            ["roleRef"] = new JsonObject
            {
                ["apiGroup"] = ClusterKinds.ClusterRole.Group,
                ["kind"] = ClusterKinds.ClusterRole.Kind,
                ["name"] = role.Role.ClusterRoleName,
            },
            ["subjects"] = list,
        };
    }

    private static string Names(IReadOnlyList<string> grants) => grants.Count <= NamedGrants
        ? string.Join(',', grants)
        : $"{string.Join(',', grants.Take(NamedGrants))}{NamesEnd}{grants.Count - NamedGrants} more";
}

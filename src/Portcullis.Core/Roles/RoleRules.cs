namespace Portcullis.Core.Roles;

/// <summary>What a custom role may never contain (design.md section 8), and the tidy form in which rules are written.</summary>
public static class RoleRules
{
    private static readonly HashSet<string> Reads = new(["get", "list", "watch"], StringComparer.Ordinal);
    private static readonly HashSet<string> Writes = new(["create", "update", "patch", "delete", "deletecollection"], StringComparer.Ordinal);

    /// <summary>Resources nobody but us may write, by group; with their subresources.</summary>
    private static readonly HashSet<(string Group, string Resource)> Guarded =
    [
        ("", "resourcequotas"), ("", "limitranges"), ("networking.k8s.io", "networkpolicies"), ("extensions", "networkpolicies"),
        ("", "namespaces"), ("", "nodes"), ("", "bindings"),
    ];

    /// <summary>Every reason why a rule is refused, with the field inside the rule.</summary>
    public static IEnumerable<(string Field, string Message)> Problems(RoleRule rule)
    {
        foreach (var (field, values) in new[] { ("apiGroups", rule.ApiGroups), ("resources", rule.Resources), ("verbs", rule.Verbs) })
        {
            if (values.Any(v => v.Contains('*', StringComparison.Ordinal)))
            {
                yield return (field, "a wildcard would include RBAC and guardrails: list each name");
            }
        }

        foreach (var verb in rule.Verbs.Where(v => v != "*" && !Reads.Contains(v) && !Writes.Contains(v)))
        {
            yield return ("verbs", verb is "escalate" or "bind" or "impersonate"
                ? $"no role may contain the verb {verb}"
                : $"the verb {verb} is not one of get, list, watch, create, update, patch, delete, deletecollection");
        }

        var writes = rule.Verbs.Any(Writes.Contains);
        foreach (var group in rule.ApiGroups)
        {
            foreach (var resource in rule.Resources)
            {
                if (Refusal(group, resource, writes) is { } message)
                {
                    yield return ("resources", message);
                }
            }
        }
    }

    /// <summary>One entry for each group and set of verbs, everything sorted: equal roles have equal text.</summary>
    public static IReadOnlyList<RoleRule> Tidy(IEnumerable<RoleRule> rules)
    {
        var named = new List<RoleRule>();
        var verbs = new SortedDictionary<(string Group, string Resource), SortedSet<string>>(
            Comparer<(string Group, string Resource)>.Create((a, b) =>
                string.CompareOrdinal(a.Group, b.Group) is var byGroup && byGroup != 0 ? byGroup : string.CompareOrdinal(a.Resource, b.Resource)));
        foreach (var rule in rules)
        {
            if (rule.ResourceNames is { Count: > 0 } names)
            {
                named.Add(new RoleRule
                {
                    ApiGroups = Sorted(rule.ApiGroups), Resources = Sorted(rule.Resources), Verbs = Sorted(rule.Verbs), ResourceNames = Sorted(names),
                });
                continue;
            }

            foreach (var group in rule.ApiGroups)
            {
                foreach (var resource in rule.Resources)
                {
                    if (!verbs.TryGetValue((group, resource), out var set))
                    {
                        verbs[(group, resource)] = set = new SortedSet<string>(StringComparer.Ordinal);
                    }

                    set.UnionWith(rule.Verbs);
                }
            }
        }

        var plain = verbs
            .GroupBy(v => (v.Key.Group, Verbs: string.Join(',', v.Value)))
            .Select(g => new RoleRule { ApiGroups = [g.Key.Group], Resources = [.. g.Select(v => v.Key.Resource)], Verbs = g.Key.Verbs.Split(',') });
        return [.. plain, .. named.OrderBy(Text, StringComparer.Ordinal).DistinctBy(Text)];
    }

    internal static string Text(RoleRule rule) =>
        $"{string.Join(',', rule.ApiGroups)}|{string.Join(',', rule.Resources)}|{string.Join(',', rule.Verbs)}|{string.Join(',', rule.ResourceNames ?? [])}";

    private static string? Refusal(string group, string resource, bool writes)
    {
        var plain = resource.Split('/')[0];
        if (resource is "nodes/proxy")
        {
            return "no role may contain nodes/proxy";
        }

        if (!writes)
        {
            return null;
        }

        return group switch
        {
            "rbac.authorization.k8s.io" => "no role may write RBAC objects: access comes from Grants in Git",
            WellKnown.Group => "no role may write Portcullis' own objects: they come from Git",
            _ when resource == "pods/binding" => "no role may bind pods to nodes",
            _ when Guarded.Contains((group, plain)) => $"no role may write {plain}: they enforce the guardrails",
            _ => null,
        };
    }

    private static List<string> Sorted(IReadOnlyList<string> values) => [.. values.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
}

namespace Portcullis.Core.Roles;

/// <summary>Compares roles by what they contain, for <c>maximumRole</c>: a role is within another when nothing in it is missing there.</summary>
public static class RoleOrder
{
    /// <summary>The first thing that <paramref name="role"/> gives and <paramref name="maximum"/> does not; null when it is within.</summary>
    public static string? FirstExcess(ResolvedRole role, ResolvedRole maximum)
    {
        foreach (var rule in role.Rules)
        {
            foreach (var group in rule.ApiGroups)
            {
                foreach (var resource in rule.Resources)
                {
                    foreach (var verb in rule.Verbs)
                    {
                        if (!Covers(maximum.Rules, group, resource, verb, rule.ResourceNames))
                        {
                            return group.Length == 0 ? $"{verb} {resource}" : $"{verb} {resource}.{group}";
                        }
                    }
                }
            }
        }

        foreach (var (operation, options) in role.Operations)
        {
            // In Kubernetes the rules above decide; outside, the operation's name does.
            if (!maximum.Operations.TryGetValue(operation, out var allowed))
            {
                return operation;
            }

            if (options.FirstOrDefault(o => !allowed.Contains(o)) is { } option)
            {
                return $"{operation} with {option}";
            }
        }

        return null;
    }

    private static bool Covers(IReadOnlyList<RoleRule> rules, string group, string resource, string verb, IReadOnlyList<string>? names)
    {
        var matching = rules.Where(r => r.ApiGroups.Contains(group) && r.Resources.Contains(resource) && r.Verbs.Contains(verb)).ToList();
        return matching.Any(r => r.ResourceNames is null or { Count: 0 })
            || (names is { Count: > 0 } && names.All(n => matching.Any(r => r.ResourceNames!.Contains(n))));
    }
}

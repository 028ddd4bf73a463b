namespace Portcullis.ApiServer.Authorization;

/// <summary>
/// Does one set of rules give at least what another gives? Wanted rules are broken into single (verb, group, resource, name) or
/// (verb, URL) permissions; one single rule of the owner must cover each, as in Kubernetes' escalation check
/// (https://kubernetes.io/docs/reference/access-authn-authz/rbac/#privilege-escalation-prevention-and-bootstrapping).
/// </summary>
internal static class RuleCoverage
{
    /// <summary>What of <paramref name="wanted"/> no rule of <paramref name="owned"/> covers, joined by resource.</summary>
    public static IReadOnlyList<PolicyRule> Missing(IReadOnlyList<PolicyRule> owned, IEnumerable<PolicyRule> wanted)
    {
        var missing = new List<PolicyRule>();
        foreach (var single in wanted.SelectMany(BreakDown))
        {
            if (!owned.Any(rule => Covers(rule, single)))
            {
                missing.Add(single);
            }
        }

        return Compact(missing);
    }

    /// <summary>Joins rules that differ in their verbs only.</summary>
    public static IReadOnlyList<PolicyRule> Compact(IEnumerable<PolicyRule> rules)
    {
        var compacted = new List<PolicyRule>();
        var simple = new Dictionary<(string Group, string Resource, string? Name), List<PolicyRule>>();
        foreach (var rule in rules)
        {
            if (rule is { ApiGroups.Count: 1, Resources.Count: 1, ResourceNames.Count: <= 1, NonResourceUrls.Count: 0 })
            {
                var key = (rule.ApiGroups[0], rule.Resources[0], rule.ResourceNames.Count == 1 ? rule.ResourceNames[0] : null);
                if (!simple.TryGetValue(key, out var same))
                {
                    simple[key] = same = [];
                }

                same.Add(rule);
            }
            else
            {
                compacted.Add(rule);
            }
        }

        compacted.AddRange(simple.Values.Select(same => same[0] with { Verbs = [.. same.SelectMany(r => r.Verbs)] }));
        return compacted;
    }

    private static IEnumerable<PolicyRule> BreakDown(PolicyRule rule)
    {
        foreach (var verb in rule.Verbs)
        {
            foreach (var url in rule.NonResourceUrls)
            {
                yield return new PolicyRule { Verbs = [verb], NonResourceUrls = [url] };
            }

            foreach (var group in rule.ApiGroups)
            {
                foreach (var resource in rule.Resources)
                {
                    var single = new PolicyRule { Verbs = [verb], ApiGroups = [group], Resources = [resource] };
                    if (rule.ResourceNames.Count == 0)
                    {
                        yield return single;
                    }

                    foreach (var name in rule.ResourceNames)
                    {
                        yield return single with { ResourceNames = [name] };
                    }
                }
            }
        }
    }

    private static bool Covers(PolicyRule owner, PolicyRule single) =>
        owner.AllowsVerb(single.Verbs[0]) &&
        (single.NonResourceUrls.Count == 1
            ? owner.NonResourceUrls.Any(url => PolicyRule.UrlCovers(url, single.NonResourceUrls[0]))
            : owner.AllowsGroup(single.ApiGroups[0]) && CoversResource(owner, single.Resources[0]) && CoversName(owner, single));

    private static bool CoversResource(PolicyRule owner, string resource)
    {
        var slash = resource.IndexOf('/', StringComparison.Ordinal);
        return slash < 0
            ? owner.AllowsResource(resource, "")
            : owner.AllowsResource(resource[..slash], resource[(slash + 1)..]);
    }

    private static bool CoversName(PolicyRule owner, PolicyRule single) =>
        owner.ResourceNames.Count == 0 ||
        (single.ResourceNames.Count == 1 && owner.ResourceNames.Contains(single.ResourceNames[0], StringComparer.Ordinal));
}

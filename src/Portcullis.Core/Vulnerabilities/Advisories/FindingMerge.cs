using Portcullis.Core.Components;

namespace Portcullis.Core.Vulnerabilities.Advisories;

/// <summary>
/// Makes the findings of a component from the advisories that match it: advisories that are aliases of each other, directly or by others that match, are one. The names
/// of an advisory about several vulnerabilities join nothing.
/// </summary>
public static class FindingMerge
{
    /// <summary>The findings, by the identifier of the vulnerability.</summary>
    public static IReadOnlyList<Finding> Of(Component component, IReadOnlyList<AdvisoryMatch> matches)
    {
        if (matches.Count == 0)
        {
            return [];
        }

        if (matches.Count == 1 && matches[0].Details.Alone is { } vulnerability)
        {
            return [new Finding { Vulnerability = vulnerability, Component = component, FixedIn = matches[0].FixedIn }];
        }

        var findings = new AliasGroups(matches).Findings(component);
        findings.Sort((l, r) => string.CompareOrdinal(l.Vulnerability.Id, r.Vulnerability.Id));
        return findings;
    }

    /// <summary>The vulnerability of an advisory that nothing else is known of; null when it is about several.</summary>
    internal static Vulnerability? Alone(AdvisoryDetails details)
    {
        if (!VulnerabilityNames.IsOne(details))
        {
            return null;
        }

        string[] names = [details.Id, .. details.Aliases, .. details.Upstream];
        Array.Sort(names, VulnerabilityNames.Order);
        return new Vulnerability
        {
            Id = names[0],
            Aliases = VulnerabilityNames.WithoutFirst(names),
            Severity = details.Rating.Severity,
            Score = details.Rating.Score,
            Vector = details.Rating.Vector,
            Summary = details.Summary,
        };
    }
}

using System.Globalization;
using Portcullis.Core.Components;

namespace Portcullis.Core.Vulnerabilities;

/// <summary>Applies the overrides that Git declares.</summary>
public static class FindingOverrides
{
    /// <summary>
    /// The findings, of which those that an override in force names are hidden. One that is hidden already stays so, with its reason; the first override that names
    /// a finding gives its reason.
    /// </summary>
    public static IReadOnlyList<Finding> Apply(IReadOnlyList<Finding> findings, IReadOnlyList<VulnerabilityOverride> overrides, DateTimeOffset now)
    {
        var inForce = overrides.Where(o => o.ExpiresAt > now).ToList();
        return inForce.Count == 0 ? findings : [.. findings.Select(f => f.Hidden is null && inForce.Find(o => Names(o, f)) is { } found ? f with { Hidden = Reason(found) } : f)];
    }

    /// <summary>When the next override ends, after which <see cref="Apply"/> may give something else; null when none is in force.</summary>
    public static DateTimeOffset? NextEnd(IReadOnlyList<VulnerabilityOverride> overrides, DateTimeOffset now) =>
        overrides.Where(o => o.ExpiresAt > now).Select(o => (DateTimeOffset?)o.ExpiresAt).Min();

    private static bool Names(VulnerabilityOverride declared, Finding finding) =>
        (finding.Vulnerability.Id == declared.Vulnerability || finding.Vulnerability.Aliases.Contains(declared.Vulnerability))
            && (declared.Component is not { } component || Names(component, finding.Component));

    private static bool Names(string declared, Component component) =>
        declared == component.Name || declared == $"{component.Name}@{component.Version}"
            || (component.SourceName is { } source && (declared == source || declared == $"{source}@{component.SourceVersion ?? component.Version}"));

    private static string Reason(VulnerabilityOverride declared) =>
        string.Create(CultureInfo.InvariantCulture, $"{declared.Reason} ({declared.Owner}, until {declared.ExpiresAt.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'})");
}

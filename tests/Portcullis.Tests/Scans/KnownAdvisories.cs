using Portcullis.Core.Components;
using Portcullis.Core.Vulnerabilities;

namespace Portcullis.Tests.Scans;

/// <summary>A vulnerability database of some packages: each is vulnerable below a version, by the ordinal order of the texts.</summary>
internal sealed class KnownAdvisories(params (string Package, string Id, Severity Severity, string FixedIn)[] all) : IAdvisoryIndex
{
    public DateTimeOffset Date { get; init; } = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);

    public IReadOnlyList<Finding> FindingsOf(Component component, Distribution? distribution) =>
    [
        .. all.Where(a => a.Package == component.Name && string.CompareOrdinal(component.Version, a.FixedIn) < 0).Select(a => new Finding
        {
            Vulnerability = new Vulnerability { Id = a.Id, Severity = a.Severity, Score = a.Severity == Severity.Critical ? 9.8m : 5.0m },
            Component = component,
            FixedIn = a.FixedIn,
        }),
    ];
}

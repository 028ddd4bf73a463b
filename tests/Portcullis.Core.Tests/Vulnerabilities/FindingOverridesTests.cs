using Portcullis.Core.Components;
using Portcullis.Core.Vulnerabilities;

namespace Portcullis.Core.Tests.Vulnerabilities;

[TestFixture]
internal sealed class FindingOverridesTests
{
    private static readonly DateTimeOffset Now = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);

    [TestCase("CVE-1-1", null, true)]
    [TestCase("GHSA-1", null, true)]
    [TestCase("CVE-1-2", null, false)]
    [TestCase("CVE-1-1", "libc6", true)]
    [TestCase("CVE-1-1", "libc6@1.0", true)]
    [TestCase("CVE-1-1", "glibc", true)]
    [TestCase("CVE-1-1", "glibc@2.0", true)]
    [TestCase("CVE-1-1", "libc6@2.0", false)]
    [TestCase("CVE-1-1", "lib", false)]
    public void An_override_hides_the_findings_that_it_names(string vulnerability, string? component, bool hidden)
    {
        var finding = FindingOverrides.Apply([Found()], [Override(vulnerability, component, Now.AddDays(1))], Now).Single();
        Assert.That(finding.Hidden, Is.EqualTo(hidden ? "Not reachable (ann, until 2026-05-02T12:00:00Z)" : null));
    }

    [Test]
    public void It_ends_when_it_says()
    {
        VulnerabilityOverride[] overrides = [Override("CVE-1-1", null, Now), Override("CVE-1-1", null, Now.AddHours(-1)), Override("CVE-9-9", null, Now.AddHours(2)), Override("CVE-9-8", null, Now.AddHours(1))];
        Assert.That(FindingOverrides.Apply([Found()], overrides, Now).Single().Hidden, Is.Null);
        Assert.That(FindingOverrides.NextEnd(overrides, Now), Is.EqualTo(Now.AddHours(1)));
    }

    [Test]
    public void What_is_hidden_already_keeps_its_reason() => Assert.That(
        FindingOverrides.Apply([Found() with { Hidden = "VEX" }], [Override("CVE-1-1", null, Now.AddDays(1))], Now).Single().Hidden, Is.EqualTo("VEX"));

    private static VulnerabilityOverride Override(string vulnerability, string? component, DateTimeOffset end) =>
        new() { Vulnerability = vulnerability, Component = component, Reason = "Not reachable", Owner = "ann", ExpiresAt = end };

    private static Finding Found() => new()
    {
        Vulnerability = new Vulnerability { Id = "CVE-1-1", Aliases = ["GHSA-1"], Severity = Severity.Major },
        Component = new Component { Format = PackageFormat.Deb, Name = "libc6", Version = "1.0", SourceName = "glibc", SourceVersion = "2.0" },
    };
}

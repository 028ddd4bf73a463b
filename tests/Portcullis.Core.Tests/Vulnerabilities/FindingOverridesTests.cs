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

    [TestCase(null, null, "libc6@1.0", true)]
    [TestCase(null, null, "glibc", false)]
    [TestCase(null, null, "@1.0", false)]
    [TestCase("glibc", null, "glibc@1.0", true)]
    [TestCase("glibc", null, "glibc@2.0", false)]
    [TestCase("glibc", "2.0", "glibc@1.0", false)]
    public void A_source_package_has_the_version_of_its_packages_where_it_has_no_other(string? source, string? sourceVersion, string component, bool hidden)
    {
        var found = Found() with { Component = new Component { Format = PackageFormat.Deb, Name = "libc6", Version = "1.0", SourceName = source, SourceVersion = sourceVersion } };
        Assert.That(FindingOverrides.Apply([found], [Override("CVE-1-1", component, Now.AddDays(1))], Now).Single().Hidden is not null, Is.EqualTo(hidden));
    }

    [Test]
    public void The_first_override_that_names_a_finding_gives_its_reason()
    {
        VulnerabilityOverride[] overrides = [Override("CVE-9-9", null, Now.AddDays(1)), Override("GHSA-1", null, Now.AddDays(2)), Override("CVE-1-1", null, Now.AddDays(3))];
        Assert.That(FindingOverrides.Apply([Found()], overrides, Now).Single().Hidden, Does.EndWith("until 2026-05-03T12:00:00Z)"));
        Assert.That(FindingOverrides.NextEnd([], Now), Is.Null);
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

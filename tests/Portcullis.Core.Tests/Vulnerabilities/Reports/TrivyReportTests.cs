using System.Text;
using Portcullis.Core.Components;
using Portcullis.Core.Vulnerabilities;
using Portcullis.Core.Vulnerabilities.Reports;

namespace Portcullis.Core.Tests.Vulnerabilities.Reports;

[TestFixture]
public sealed class TrivyReportTests
{
    private const string Digest = "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

    private const string Report = """
        {
          "SchemaVersion": 2, "CreatedAt": "2024-05-06T07:08:09Z", "ArtifactName": "app", "ArtifactType": "container_image", "Trivy": {"Version": "0.50.1"},
          "Metadata": {"OS": {"Family": "debian", "Name": "12.5"}, "RepoDigests": ["registry.example.com/app@DIGEST", "registry.example.com/app@sha256:x"]},
          "Results": [
            {
              "Target": "app (debian 12.5)", "Class": "os-pkgs", "Type": "debian",
              "Packages": [
                {"Name": "bash", "Version": "5.2", "Release": "1", "Epoch": 2, "Licenses": ["GPL-3.0-or-later", "MIT"], "Identifier": {"PURL": "pkg:deb/debian/bash@5.2-1?arch=amd64"}},
                {"Name": "plain", "Version": "1", "Epoch": 0}
              ],
              "Vulnerabilities": [
                {
                  "VulnerabilityID": "CVE-2024-1", "VendorIDs": ["DSA-2", "DSA-1"], "PkgName": "openssl", "InstalledVersion": "3.0.1-1", "FixedVersion": "2.0, 3.0.3-1, 3.0.2-1",
                  "PkgIdentifier": {"PURL": "pkg:deb/debian/openssl@3.0.1-1?arch=amd64&distro=debian-12.5"}, "Severity": "LOW", "Title": "A hole",
                  "CVSS": {"nvd": {"V2Vector": "AV:N/AC:L/Au:N/C:C/I:C/A:C", "V3Vector": "CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N", "V3Score": 6.1}, "redhat": {"V3Vector": "CVSS:3.1/AV:N/AC:H/PR:N/UI:R/S:U/C:L/I:N/A:N"}}
                }
              ]
            },
            {
              "Target": "Python", "Class": "lang-pkgs", "Type": "python-pkg",
              "Vulnerabilities": [
                {"VulnerabilityID": "CVE-2024-2", "PkgName": "django", "InstalledVersion": "4.2", "Severity": "HIGH"},
                {"VulnerabilityID": "CVE-2024-3", "PkgName": "django", "InstalledVersion": "4.2", "Severity": "UNKNOWN", "FixedVersion": ""},
                {"VulnerabilityID": "CVE-2024-4", "PkgName": "django", "InstalledVersion": "4.2", "Severity": "CRITICAL", "CVSS": {"ghsa": {"V3Score": 5.5}, "nvd": {"V2Score": 4.4}}}
              ]
            },
            {"Target": "pubspec.lock", "Type": "pub", "Vulnerabilities": [{"VulnerabilityID": "CVE-2024-5", "PkgName": "http"}]},
            {"Target": "x", "Type": "npm", "Vulnerabilities": [{"PkgName": "http"}, {"VulnerabilityID": "CVE-2024-6"}]}
          ]
        }
        """;

    private static ExternalReport Read => ExternalReport.Read(Encoding.UTF8.GetBytes(Report.Replace("DIGEST", Digest, StringComparison.Ordinal)))!;

    [Test]
    public void Says_what_it_is_about() => Assert.That(
        (Read.Tool, Read.Time, string.Join(' ', Read.Digests), Read.Distribution),
        Is.EqualTo(("Trivy 0.50.1", (DateTimeOffset?)new DateTimeOffset(2024, 5, 6, 7, 8, 9, TimeSpan.Zero), Digest, new Distribution("debian", "12.5"))));

    [Test]
    public void Has_the_packages_with_their_licences() => Assert.That(Read.Components, Is.EqualTo(new[]
    {
        new Component { Format = PackageFormat.Deb, Name = "bash", Version = "2:5.2-1", Architecture = "amd64", License = "GPL-3.0-or-later AND MIT" },
        new Component { Format = PackageFormat.Deb, Name = "plain", Version = "1" },
    }));

    [Test]
    public void Rates_a_vulnerability_by_its_best_vector_and_chooses_the_lowest_fix_above()
    {
        var finding = Read.Findings[0];
        using (Assert.EnterMultipleScope())
        {
            Assert.That(finding.Component, Is.EqualTo(new Component { Format = PackageFormat.Deb, Name = "openssl", Version = "3.0.1-1", Architecture = "amd64" }));
            Assert.That((finding.Vulnerability.Id, string.Join(' ', finding.Vulnerability.Aliases), finding.Vulnerability.Summary), Is.EqualTo(("CVE-2024-1", "DSA-1 DSA-2", "A hole")));
            Assert.That((finding.Vulnerability.Severity, finding.Vulnerability.Score, finding.Vulnerability.Vector), Is.EqualTo((Severity.Major, (decimal?)6.1m, "CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N")));
            Assert.That(finding.FixedIn, Is.EqualTo("3.0.2-1"));
        }
    }

    [Test]
    public void Rates_by_a_score_or_the_word_where_there_is_no_vector()
    {
        var ratings = Read.Findings.Skip(1).Select(f => (f.Vulnerability.Id, f.Vulnerability.Severity, f.Vulnerability.Score, f.FixedIn));
        Assert.That(ratings, Is.EqualTo(new (string, Severity, decimal?, string?)[]
        {
            ("CVE-2024-2", Severity.Critical, null, null), ("CVE-2024-3", Severity.Unknown, null, null), ("CVE-2024-4", Severity.Major, 5.5m, null), ("CVE-2024-5", Severity.Unknown, null, null),
        }));
    }

    [Test]
    public void A_package_of_a_type_that_is_not_known_here_has_its_vulnerabilities_all_the_same()
    {
        var report = ExternalReport.Read("""
            {"SchemaVersion": 2, "ArtifactName": "a", "Results": [{"Type": "composer-vendor", "Vulnerabilities": [
              {"VulnerabilityID": "A", "PkgName": "laravel/framework", "InstalledVersion": "8.0.0", "FixedVersion": "8.1.0, 7.9.9", "PkgIdentifier": {"PURL": "pkg:composer/laravel/framework@8.0.0"}},
              {"VulnerabilityID": "B", "PkgName": "http", "InstalledVersion": "1"}]}]}
            """u8.ToArray())!;
        Assert.That(report.Findings.Select(f => (f.Component.Format, f.Component.Name, f.Component.Version, f.FixedIn)), Is.EqualTo(new[]
        {
            (PackageFormat.Other, "composer/laravel/framework", "8.0.0", (string?)"8.1.0"), (PackageFormat.Other, "generic/http", "1", null),
        }));
        Assert.That(report.Problems, Is.Empty);
    }

    [Test]
    public void What_cannot_be_taken_over_is_a_problem() => Assert.That(Read.Problems, Is.EqualTo(new[]
    {
        "the vulnerability \"\" of the package \"http\" of type \"npm\" cannot be taken over",
        "the vulnerability \"CVE-2024-6\" of the package \"\" of type \"npm\" cannot be taken over",
    }));

    [Test]
    public void Names_each_package_and_alias_once_and_takes_what_the_package_URL_says_where_the_rest_is_missing()
    {
        var report = ExternalReport.Read("""
            {"SchemaVersion":2,"ArtifactName":"a","Metadata":{"OS":{"Family":"alpine"},"RepoDigests":["ann@example.com/app@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","x@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"]},"Results":[{
              "Packages":[{"Name":"p","Identifier":{"PURL":"pkg:npm/p@1.0.0"}},{"Name":"p","Identifier":{"PURL":"pkg:npm/p@1.0.0"}}],
              "Vulnerabilities":[{"VulnerabilityID":"A","VendorIDs":["C","B","C","A"],"PkgIdentifier":{"PURL":"pkg:npm/q@2.0.0"},"FixedVersion":"1.0.0"}]}]}
            """u8.ToArray())!;
        var finding = report.Findings.Single();
        using (Assert.EnterMultipleScope())
        {
            Assert.That((report.Digests.Count, report.Distribution), Is.EqualTo((1, new Distribution("alpine", ""))));
            Assert.That(report.Components.Select(c => (c.Name, c.Version)), Is.EqualTo(new[] { ("p", "1.0.0") }));
            Assert.That((finding.Component.Name, finding.Component.Version, finding.FixedIn), Is.EqualTo(("q", "2.0.0", "1.0.0")));
            Assert.That((finding.Vulnerability.Aliases, finding.Vulnerability.Summary), Is.EqualTo((new[] { "B", "C" }, "")));
        }
    }

    [TestCase("debian", PackageFormat.Deb)]
    [TestCase("ubuntu", PackageFormat.Deb)]
    [TestCase("alpine", PackageFormat.Apk)]
    [TestCase("wolfi", PackageFormat.Apk)]
    [TestCase("rocky", PackageFormat.Rpm)]
    [TestCase("opensuse.leap", PackageFormat.Rpm)]
    [TestCase("suse linux enterprise server", PackageFormat.Rpm)]
    [TestCase("slem", PackageFormat.Rpm)]
    [TestCase("gobinary", PackageFormat.Go)]
    [TestCase("pip", PackageFormat.Python)]
    [TestCase("node-pkg", PackageFormat.Npm)]
    [TestCase("dotnet-core", PackageFormat.NuGet)]
    [TestCase("jar", PackageFormat.Maven)]
    [TestCase("gemspec", PackageFormat.Gem)]
    [TestCase("cargo", PackageFormat.Crate)]
    public void Knows_a_package_without_a_URL_by_the_type_of_its_result(string type, PackageFormat format)
    {
        var report = ExternalReport.Read(Encoding.UTF8.GetBytes(
            $$"""{"SchemaVersion":2,"ArtifactName":"a","Results":[{"Type":"{{type}}","Vulnerabilities":[{"VulnerabilityID":"A","PkgName":"p","InstalledVersion":"1"}]}]}"""))!;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(report.Findings.Select(f => f.Component), Is.EqualTo(new[] { new Component { Format = format, Name = "p", Version = "1" } }));
            Assert.That((report.Tool, report.Time, report.Distribution), Is.EqualTo(("Trivy", (DateTimeOffset?)null, (Distribution?)null)));
        }
    }

    [TestCase("")]
    [TestCase("[]")]
    [TestCase("5")]
    [TestCase("{\"SchemaVersion\":1,\"ArtifactName\":\"a\"}")]
    [TestCase("{\"SchemaVersion\":2}")]
    [TestCase("{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.3\"}")]
    [TestCase("{\"bomFormat\":\"Other\",\"specVersion\":\"1.5\"}")]
    public void What_is_no_report_is_none(string text) => Assert.That(ExternalReport.Read(Encoding.UTF8.GetBytes(text)), Is.Null);
}

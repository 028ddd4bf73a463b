using System.Text;
using Portcullis.Core.Components;
using Portcullis.Core.Vulnerabilities;
using Portcullis.Core.Vulnerabilities.Reports;

namespace Portcullis.Core.Tests.Vulnerabilities.Reports;

[TestFixture]
public sealed class CycloneDxReportTests
{
    private const string Digest = "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

    private const string Report = $$$"""
        {
          "bomFormat": "CycloneDX", "specVersion": "1.5",
          "metadata": {
            "timestamp": "2024-05-06T07:08:09Z", "tools": {"components": [{"name": "grype", "version": "0.74"}]},
            "component": {"bom-ref": "root", "type": "container", "name": "app", "version": "{{{Digest}}}", "purl": "pkg:oci/app@{{{Digest}}}?repository_url=registry.example.com/app"}
          },
          "components": [
            {
              "bom-ref": "a", "name": "lodash", "version": "4.17.20", "purl": "pkg:npm/lodash@4.17.20", "licenses": [{"license": {"id": "MIT"}}, {"license": {"name": "Apache 2"}}],
              "components": [{"bom-ref": "b c", "name": "left", "version": "1.0.0", "purl": "pkg:npm/left@1.0.0", "licenses": [{"expression": "MIT OR ISC"}]}]
            },
            {"bom-ref": "os", "type": "operating-system", "name": "debian", "version": "12"},
            {"name": "no reference", "purl": "pkg:npm/right@2.0.0"}
          ],
          "vulnerabilities": [
            {
              "id": "CVE-2024-1", "references": [{"id": "GHSA-2"}, {"id": "GHSA-1"}], "description": "A hole",
              "ratings": [{"method": "CVSSv31", "vector": "AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N", "severity": "critical"}, {"method": "CVSSv2", "vector": "AV:N/AC:L/Au:N/C:C/I:C/A:C"}],
              "affects": [{"ref": "a", "versions": [{"version": "4.17.20", "status": "affected"}, {"version": "4.17.22", "status": "unaffected"}, {"version": "4.17.21", "status": "unaffected"}]}]
            },
            {"id": "CVE-2024-2", "ratings": [{"severity": "low"}, {"severity": "medium"}], "affects": [{"ref": "urn:cdx:3e671687-395b-41f5-a30f-a58921a69b79/1#b%20c"}]},
            {"id": "CVE-2024-3", "ratings": [{"method": "CVSSv3", "score": 9.9}, {"method": "other", "score": 1}], "analysis": {"state": "not_affected", "justification": "code_not_present", "detail": "left out"}, "affects": [{"ref": "pkg:npm/right@2.0.0"}]},
            {"id": "CVE-2024-4", "analysis": {"state": "exploitable"}, "affects": [{"ref": "a"}, {"ref": "nothing"}]},
            {"id": "CVE-2024-5", "affects": []},
            {"affects": [{"ref": "a"}]}
          ]
        }
        """;

    private static ExternalReport Read => ExternalReport.Read(Encoding.UTF8.GetBytes(Report))!;

    [Test]
    public void Says_what_it_is_about() => Assert.That(
        (Read.Tool, Read.Time, string.Join(' ', Read.Digests)),
        Is.EqualTo(("grype 0.74", (DateTimeOffset?)new DateTimeOffset(2024, 5, 6, 7, 8, 9, TimeSpan.Zero), Digest)));

    [Test]
    public void Has_components_with_their_licences_and_those_in_others() => Assert.That(Read.Components, Is.EqualTo(new[]
    {
        new Component { Format = PackageFormat.Npm, Name = "lodash", Version = "4.17.20", License = "MIT AND Apache-2.0" },
        new Component { Format = PackageFormat.Npm, Name = "left", Version = "1.0.0", License = "MIT OR ISC" },
        new Component { Format = PackageFormat.Other, Name = "generic/debian", Version = "12" },
        new Component { Format = PackageFormat.Npm, Name = "right", Version = "2.0.0" },
    }));

    [Test]
    public void Has_the_findings_with_rating_fix_and_analysis()
    {
        var findings = Read.Findings.Select(f => (f.Vulnerability.Id, f.Component.Name, f.Vulnerability.Severity, f.Vulnerability.Score, f.FixedIn, f.Hidden));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(findings, Is.EqualTo(new (string, string, Severity, decimal?, string?, string?)[]
            {
                ("CVE-2024-1", "lodash", Severity.Major, 6.1m, "4.17.21", null),
                ("CVE-2024-2", "left", Severity.Major, null, null, null),
                ("CVE-2024-3", "right", Severity.Critical, 9.9m, null, "not_affected: code_not_present: left out"),
                ("CVE-2024-4", "lodash", Severity.Unknown, null, null, null),
            }));
            Assert.That(Read.Findings[0].Vulnerability.Aliases, Is.EqualTo(new[] { "GHSA-1", "GHSA-2" }));
            Assert.That((Read.Findings[0].Vulnerability.Summary, Read.Findings[0].Vulnerability.Vector), Is.EqualTo(("A hole", "CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N")));
        }
    }

    [Test]
    public void What_cannot_be_taken_over_is_a_problem() => Assert.That(Read.Problems, Is.EqualTo(new[]
    {
        "the vulnerability \"CVE-2024-4\" of \"nothing\" cannot be taken over", "the vulnerability \"CVE-2024-5\" names no component", "the vulnerability \"\" of \"a\" cannot be taken over",
    }));

    [TestCase("\"purl\":\"pkg:composer/laravel/framework@8.0.0\"", "composer/laravel/framework", "8.0.0")]
    [TestCase("\"name\":\"busybox\",\"version\":\"1.36\"", "generic/busybox", "1.36")]
    [TestCase("\"name\":\"busybox\",\"purl\":\"no URL\"", "generic/busybox", "")]
    public void A_vulnerability_of_a_component_of_another_type_counts_too(string component, string name, string version)
    {
        var report = ExternalReport.Read(Encoding.UTF8.GetBytes(
            $$"""{"bomFormat":"CycloneDX","specVersion":"1.6","components":[{"bom-ref":"a",{{component}}}],"vulnerabilities":[{"id":"A","affects":[{"ref":"a"}]}]}"""))!;
        Assert.That(report.Findings.Select(f => f.Component), Is.EqualTo(new[] { new Component { Format = PackageFormat.Other, Name = name, Version = version } }));
        Assert.That(report.Problems, Is.Empty);
    }

    [Test]
    public void A_vulnerability_of_the_image_as_a_whole_counts_too()
    {
        var report = ExternalReport.Read(Encoding.UTF8.GetBytes(
            """{"bomFormat":"CycloneDX","specVersion":"1.6","metadata":{"component":{"bom-ref":"root","name":"app"}},"vulnerabilities":[{"id":"A","affects":[{"ref":"root"}]}]}"""))!;
        Assert.That((report.Findings.Single().Component.Name, report.Components.Count, report.Problems.Count), Is.EqualTo(("generic/app", 0, 0)));
    }

    [TestCase("false_positive", "false_positive")]
    [TestCase("resolved", "resolved")]
    [TestCase("resolved_with_pedigree", "resolved_with_pedigree")]
    [TestCase("in_triage", null)]
    public void Hides_what_the_analysis_calls_no_danger(string state, string? hidden)
    {
        var report = Minimal($$"""{"id":"A","analysis":{"state":"{{state}}"},"affects":[{"ref":"a"}]}""");
        Assert.That(report.Findings[0].Hidden, Is.EqualTo(hidden));
    }

    [TestCase("CVSSv3", "AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N", "CVSS:3.0/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N")]
    [TestCase("CVSSv4", "AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:H/SI:H/SA:H", "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:H/SI:H/SA:H")]
    [TestCase("other", "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N", "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N")]
    [TestCase("CVSSv3", "nonsense", null)]
    public void Completes_a_vector_by_its_method(string method, string vector, string? used)
    {
        var report = Minimal($$"""{"id":"A","ratings":[{"method":"{{method}}","vector":"{{vector}}"}],"affects":[{"ref":"a"}]}""");
        Assert.That(report.Findings[0].Vulnerability.Vector, Is.EqualTo(used));
    }

    [Test]
    public void Names_each_component_and_alias_once_and_components_of_the_image_itself_too()
    {
        var report = ExternalReport.Read("""
            {"bomFormat":"CycloneDX","specVersion":"1.5","metadata":{"component":{"name":"app","components":[{"bom-ref":"x","purl":"pkg:npm/x@1.0.0"}]}},
             "components":[{"bom-ref":"a","purl":"pkg:npm/a@1.0.0"},{"bom-ref":"b","purl":"pkg:npm/a@1.0.0"}],
             "vulnerabilities":[{"id":"A","references":[{"id":"C"},{"id":"B"},{"id":"C"},{"id":"A"}],"affects":[{"ref":"x"}],"ratings":[{"method":"other","score":9},{"method":"CVSSv31","score":11},{"method":"CVSSv31","score":-1},{"method":"CVSSv31","score":4},{"method":"CVSSv31","score":6}]},
                                {"id":"B","affects":[{"ref":"#x"},{"ref":"urn:cdx:1/1#nothing"}]}]}
            """u8.ToArray())!;
        var vulnerability = report.Findings.Single().Vulnerability;
        using (Assert.EnterMultipleScope())
        {
            Assert.That((report.Components.Select(c => c.Name), report.Time), Is.EqualTo((new[] { "x", "a" }, (DateTimeOffset?)null)));
            Assert.That((vulnerability.Aliases, vulnerability.Score, vulnerability.Summary), Is.EqualTo((new[] { "B", "C" }, (decimal?)6m, "")));
            Assert.That(report.Problems, Has.Count.EqualTo(2));
        }
    }

    [TestCase("[{\"name\":\"tool\"}]", "tool")]
    [TestCase("[{\"name\":\"tool\",\"version\":\"1\"}]", "tool 1")]
    [TestCase("[]", "CycloneDX")]
    [TestCase("5", "CycloneDX")]
    public void Names_the_tool(string tools, string name) => Assert.That(
        ExternalReport.Read(Encoding.UTF8.GetBytes($$$"""{"bomFormat":"CycloneDX","specVersion":"1.4","metadata":{"tools":{{{tools}}}}}"""))!.Tool, Is.EqualTo(name));

    [Test]
    public void Reads_components_as_deep_as_JSON_may_be_nested()
    {
        var nested = Enumerable.Range(0, 29).Aggregate("""{"purl":"pkg:npm/a@1"}""", (inner, _) => $$"""{"components":[{{inner}}]}""");
        Assert.That(ExternalReport.Read(Encoding.UTF8.GetBytes($$"""{"bomFormat":"CycloneDX","specVersion":"1.6","components":[{{nested}}]}"""))!.Components, Has.Count.EqualTo(1));
    }

    private static ExternalReport Minimal(string vulnerability) => ExternalReport.Read(Encoding.UTF8.GetBytes(
        $$"""{"bomFormat":"CycloneDX","specVersion":"1.6","components":[{"bom-ref":"a","purl":"pkg:npm/a@1.0.0"}],"vulnerabilities":[{{vulnerability}}]}"""))!;
}

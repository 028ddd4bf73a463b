using System.Text.Json.Nodes;
using Portcullis.Core.Components;
using Portcullis.Core.Reports;
using Portcullis.Core.Vulnerabilities;

namespace Portcullis.Core.Tests.Reports;

internal sealed class ReportTests
{
    private static readonly Component Ssl = new()
    {
        Format = PackageFormat.Deb, Name = "libssl3", Version = "1:3.0.11-1~deb12u2+b1", SourceName = "openssl", SourceVersion = "3.0.11-1~deb12u2", Architecture = "amd64", License = "Apache-2.0 AND LicenseRef-odd",
    };

    private static readonly LocatedComponent Debian = new(Ssl, 0, ["var/lib/dpkg/status"]);

    private static readonly LocatedComponent Copy = new(new() { Format = PackageFormat.Npm, Name = "@scope/x", Version = "1.0.0" }, 1, ["a.node"]) { Origin = ComponentOrigin.Content };

    private static readonly Vulnerability Grave = new()
    {
        Id = "CVE-2024-1", Aliases = ["GHSA-x"], Severity = Severity.Critical, Score = 9.8m, Vector = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", Summary = "It is <grave>",
    };

    private static readonly Vulnerability Unrated = new() { Id = "CVE-2024-2", Severity = Severity.Unknown };

    private static readonly ImageReport Report = new()
    {
        Image = "registry.example.org/app:1.0",
        Digest = "sha256:" + new string('a', 64),
        Platform = "linux/amd64",
        Inventory = new() { Layers = ["sha256:l0", "sha256:l1"], Distribution = new("debian", "12"), Components = [Debian, Copy], Problems = [new(1, "opt/x", "it is broken")] },
        Layers = [new("sha256:l0", 10, "COPY a"), new("sha256:l1", 20, "")],
        Findings = new(
        [
            new(Debian, new() { Vulnerability = Grave, Component = Ssl, FixedIn = "3.0.12" }),
            new(Copy, new() { Vulnerability = Grave, Component = Copy.Component, Hidden = "not reachable" }),
            new(Copy, new() { Vulnerability = Unrated, Component = Copy.Component }),
        ],
        new(2026, 11, 1, 0, 0, 0, TimeSpan.Zero), ["Npm packages"]),
        ScannerVersion = "0.1.0",
        CreatedAt = new(2026, 11, 30, 12, 0, 0, TimeSpan.Zero),
    };

    [Test]
    public void Our_own_JSON_has_layers_components_findings_and_what_could_not_be_read()
    {
        var json = JsonNode.Parse(ImageReportJson.Write(Report))!;
        Assert.That((bool)json["complete"]!, Is.False);
        Assert.That((string?)json["problems"]![0]!["message"], Is.EqualTo("it is broken"));
        Assert.That(((int)json["vulnerabilities"]!["critical"]!, (int)json["vulnerabilities"]!["unknown"]!), Is.EqualTo((1, 1)));
        Assert.That((string?)json["vulnerabilities"]!["notCovered"]![0], Is.EqualTo("Npm packages"));
        Assert.That((int)json["layers"]![1]!["critical"]!, Is.Zero, "a hidden one does not count");
        Assert.That((string?)json["components"]![0]!["vulnerabilities"]![0]!["fixedIn"], Is.EqualTo("3.0.12"));
        Assert.That((string?)json["components"]![1]!["origin"], Is.EqualTo("content"));
    }

    [Test]
    public void Without_a_database_vulnerabilities_are_not_known_and_not_none()
    {
        var report = Report with { Findings = null };
        Assert.That(JsonNode.Parse(ImageReportJson.Write(report))!.AsObject(), Does.ContainKey("vulnerabilities"));
        Assert.That(JsonNode.Parse(ImageReportJson.Write(report))!["vulnerabilities"], Is.Null);
        Assert.That(JsonNode.Parse(CycloneDxReport.Write(report))!.AsObject(), Does.Not.ContainKey("vulnerabilities"));
    }

    [Test]
    public void A_CycloneDX_document_names_each_component_once_and_its_vulnerabilities_refer_to_them()
    {
        var bom = JsonNode.Parse(CycloneDxReport.Write(Report))!;
        Assert.That(((string?)bom["bomFormat"], (string?)bom["specVersion"]), Is.EqualTo(("CycloneDX", "1.6")));
        Assert.That((string?)bom["serialNumber"], Does.Match("^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"));
        var references = bom["components"]!.AsArray().Select(c => (string)c!["bom-ref"]!).ToList();
        Assert.That(references, Is.EqualTo([ComponentUrl.Of(Ssl, new("debian", "12")).ToString(), "pkg:npm/%40scope/x@1.0.0"]));
        Assert.That(bom["vulnerabilities"]!.AsArray().SelectMany(v => v!["affects"]!.AsArray()).Select(a => (string)a!["ref"]!).Distinct(), Is.SubsetOf(references));
        Assert.That((string?)bom["components"]![0]!["licenses"]![0]!["expression"], Is.EqualTo("Apache-2.0 AND LicenseRef-odd"));
        Assert.That((string?)bom["compositions"]![0]!["aggregate"], Is.EqualTo("incomplete"));
    }

    [Test]
    public void A_hidden_finding_is_one_of_its_own_that_says_why()
    {
        var hidden = JsonNode.Parse(CycloneDxReport.Write(Report))!["vulnerabilities"]!.AsArray().Single(v => v!["analysis"] is not null)!;
        Assert.That(((string?)hidden["id"], (string?)hidden["analysis"]!["state"], (string?)hidden["analysis"]!["detail"]), Is.EqualTo(("CVE-2024-1", "not_affected", "not reachable")));
    }

    [Test]
    public void Ratings_have_the_words_and_methods_of_CVSS([Values("CVSS:4.0/x CVSSv4", "CVSS:3.1/x CVSSv31", "CVSS:3.0/x CVSSv3", "AV:N/x CVSSv2")] string text)
    {
        var (vector, method) = (text.Split(' ')[0], text.Split(' ')[1]);
        var findings = new ReportedFindings([new(Debian, new() { Vulnerability = Grave with { Vector = vector, Score = 7.5m }, Component = Ssl })], default, []);
        var rating = JsonNode.Parse(CycloneDxReport.Write(Report with { Findings = findings }))!["vulnerabilities"]![0]!["ratings"]![0]!;
        Assert.That(((string?)rating["method"], (string?)rating["severity"], (decimal)rating["score"]!), Is.EqualTo((method, "high", 7.5m)));
    }

    [Test]
    public void An_SPDX_document_relates_all_packages_to_the_image_and_tells_of_licences_that_SPDX_does_not_list()
    {
        var document = JsonNode.Parse(SpdxReport.Write(Report))!;
        var ids = document["packages"]!.AsArray().Select(p => (string)p!["SPDXID"]!).ToList();
        Assert.That(ids, Is.Unique.And.Count.EqualTo(3));
        Assert.That(document["relationships"]!.AsArray().Select(r => (string)r!["relatedSpdxElement"]!), Is.EquivalentTo(ids));
        Assert.That((string?)document["hasExtractedLicensingInfos"]![0]!["licenseId"], Is.EqualTo("LicenseRef-odd"));
        Assert.That(document["packages"]![1]!["externalRefs"]!.AsArray().Select(r => (string)r!["referenceLocator"]!),
            Is.EqualTo([ComponentUrl.Of(Ssl, new("debian", "12")).ToString(), "https://osv.dev/vulnerability/CVE-2024-1"]));
        Assert.That((string?)document["creationInfo"]!["comment"], Does.Contain("opt/x"));
    }

    [Test]
    public void The_same_report_is_the_same_bytes()
    {
        Assert.That(CycloneDxReport.Write(Report), Is.EqualTo(CycloneDxReport.Write(Report with { })));
        Assert.That(SpdxReport.Write(Report), Is.EqualTo(SpdxReport.Write(Report with { })));
    }

    [Test]
    public void A_component_found_by_its_content_has_the_URL_of_its_own_distribution()
    {
        var located = Debian with { Origin = ComponentOrigin.Content, Distribution = new("ubuntu", "22.04") };
        var report = Report with { Inventory = Report.Inventory with { Components = [located] }, Findings = null };
        Assert.That((string?)JsonNode.Parse(ImageReportJson.Write(report))!["components"]![0]!["purl"], Does.StartWith("pkg:deb/ubuntu/libssl3@").And.Contain("distro=ubuntu-22.04"));
    }

    [Test]
    public void What_no_advisories_are_about_is_told()
    {
        var findings = ReportedFindings.Of(Report.Inventory, new OnlyDebian());
        Assert.That(findings.NotCovered, Is.EqualTo(["Npm packages"]));
    }

    private sealed class OnlyDebian : IAdvisoryIndex
    {
        public DateTimeOffset Date => default;

        public bool Covers(PackageFormat format, Distribution? distribution) => format == PackageFormat.Deb && distribution!.Id == "debian";

        public IReadOnlyList<Finding> FindingsOf(Component component, Distribution? distribution) => [];
    }
}

using Portcullis.Core.Components;
using Portcullis.Core.Reports;
using Portcullis.Core.Vulnerabilities;

namespace Portcullis.Core.Tests.Reports;

/// <summary>The documents about one image that has one of everything, compared whole.</summary>
internal sealed class ReportDocumentTests
{
    private static readonly FixtureFolder Fixtures = new("Reports");

    private static readonly Component Ssl = new()
    {
        Format = PackageFormat.Deb, Name = "libssl3", Version = "1:3.0.11-1~deb12u2+b1", SourceName = "openssl", SourceVersion = "3.0.11-1~deb12u2", Architecture = "amd64", License = "Apache-2.0 AND LicenseRef-odd",
    };

    private static readonly Component Flask = new() { Format = PackageFormat.Python, Name = "flask", Version = "2.0", License = "LicenseRef-odd OR LicenseRef-also" };

    private static readonly Component Addon = new() { Format = PackageFormat.Npm, Name = "@scope/x", Version = "" };

    private static readonly LocatedComponent[] Components =
    [
        new(Ssl, 0, ["var/lib/dpkg/status"]),
        new(Flask, 0, ["usr/lib/python3/flask.dist-info/METADATA"]) { PartOf = Ssl with { Name = "python3-flask" } },
        new(Addon, 1, ["a.node", "b.node"]) { Origin = ComponentOrigin.Content },
        new(Ssl, 1, ["opt/copy.so"]) { Origin = ComponentOrigin.Content, Distribution = new("ubuntu", "24.04") },
    ];

    [Test]
    public void The_document_is_the_one_of_the_example([Values("cyclonedx", "spdx", "json")] string format) => Fixtures.AssertIs(
        format switch { "cyclonedx" => CycloneDxReport.Write(Report()), "spdx" => SpdxReport.Write(Report()), _ => ImageReportJson.Write(Report()) }, "an image that has one of everything", $"{format}.json");

    [Test]
    public void So_is_that_of_an_image_that_has_nothing([Values("cyclonedx", "spdx", "json")] string format)
    {
        var report = Report() with { Digest = "md5:x", Inventory = new() { Layers = [], Components = [] }, Layers = [], Findings = null };
        Fixtures.AssertIs(
            format switch { "cyclonedx" => CycloneDxReport.Write(report), "spdx" => SpdxReport.Write(report), _ => ImageReportJson.Write(report) }, "an image that has nothing", $"{format}.json");
    }

    [Test]
    public void What_no_advisory_covers_is_named_once_in_order_and_not_for_what_a_package_brought()
    {
        var wolfi = new Distribution("wolfi", "");
        LocatedComponent[] components =
        [
            new(Addon, 0, []), new(Addon with { Name = "y" }, 0, []), new(Ssl, 0, []), new(Ssl, 0, []) { Distribution = new("ubuntu", "24.04") }, new(Ssl with { Format = PackageFormat.Apk }, 0, []) { Distribution = wolfi },
            new(Flask, 0, []) { PartOf = Ssl },
        ];
        var found = ReportedFindings.Of(new() { Layers = ["a"], Distribution = new("debian", "12"), Components = components }, new NothingCovered());
        Assert.That(found.NotCovered, Is.EqualTo(new[] { "Apk packages of wolfi", "Deb packages of debian 12", "Deb packages of ubuntu 24.04", "Npm packages" }));
    }

    private static ImageReport Report()
    {
        List<LocatedFinding> findings = [];
        void Found(int component, string id, Severity severity, decimal? score, string? vector = null, string? fix = null, string? hidden = null) => findings.Add(new(Components[component], new()
        {
            Vulnerability = new() { Id = id, Aliases = score is null ? [] : [$"GHSA-{id}", $"PYSEC-{id}"], Severity = severity, Score = score, Vector = vector, Summary = vector is null ? "" : $"About {id}" },
            Component = Components[component].Component, FixedIn = fix, Hidden = hidden,
        }));
        Found(0, "CVE-1", Severity.Critical, 9.0m, "CVSS:4.0/AV:N", "3.0.12");
        Found(2, "CVE-1", Severity.Critical, 9.0m, "CVSS:4.0/AV:N");
        Found(2, "CVE-1", Severity.Critical, 9.0m, "CVSS:4.0/AV:N", "2");
        Found(3, "CVE-1", Severity.Critical, 9.0m, "CVSS:4.0/AV:N", "2", hidden: "not reachable (ann)");
        Found(0, "CVE-2", Severity.Critical, 7.0m, "CVSS:3.1/AV:N");
        Found(0, "CVE-3", Severity.Major, 4.0m, "CVSS:3.0/AV:N");
        Found(0, "CVE-4", Severity.Minor, 0.1m, "AV:N");
        Found(0, "CVE-5", Severity.Minor, 0m);
        Found(2, "CVE-6", Severity.Critical, null);
        Found(2, "CVE-7", Severity.Major, null);
        Found(2, "CVE-8", Severity.Minor, null);
        Found(2, "CVE-9", Severity.Unknown, null);
        return new()
        {
            Image = "registry.example.org/app:1.0",
            Digest = "sha256:" + new string('a', 64),
            Platform = "linux/amd64",
            Inventory = new()
            {
                Layers = ["sha256:l0", "sha256:l1"], Distribution = new("debian", "12") { Title = "Debian 12" }, Components = Components, Problems = [new(1, "opt/x", "it is broken"), new(0, "", "it was cut")],
            },
            Layers = [new("sha256:l0", 10, "COPY a"), new("sha256:l1", 20, "")],
            Findings = new(findings, new(2026, 11, 1, 0, 0, 0, TimeSpan.Zero), ["Npm packages"]),
            ScannerVersion = "0.1.0",
            CreatedAt = new(2026, 11, 30, 12, 0, 0, TimeSpan.Zero),
        };
    }

    private sealed class NothingCovered : IAdvisoryIndex
    {
        public DateTimeOffset Date => default;

        public IReadOnlyList<Finding> FindingsOf(Component component, Distribution? distribution) => [];

        public bool Covers(PackageFormat format, Distribution? distribution) => false;
    }
}

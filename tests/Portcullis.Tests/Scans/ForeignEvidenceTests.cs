using System.Text;
using System.Text.Json;
using Portcullis.Clients.Registry;
using Portcullis.Core.Attestations;
using Portcullis.Core.Scans;
using Portcullis.Core.Vulnerabilities;
using Portcullis.Evidence;
using Portcullis.Repositories.Writes;
using Portcullis.Testing.Registries;
using Portcullis.Tests.Repositories;

namespace Portcullis.Tests.Scans;

/// <summary>Documents of others about an image count when somebody signed them whom the Repository names.</summary>
[TestFixture]
internal sealed class ForeignEvidenceTests
{
    private const string VexType = "application/vnd.openvex+json";

    [Test]
    public async Task A_VEX_document_hides_a_vulnerability_when_an_author_of_the_repository_signed_it()
    {
        var key = EvidenceKey.Of(EvidenceKey.NewPem())!;
        await using var scans = await ScanWorld.StartAsync($"evidenceAuthors: [{{name: security, publicKey: {JsonSerializer.Serialize(key.PublicPem)} }}]");
        scans.Know(("zlib1g", "CVE-2022-37434", Severity.Critical, "1.2.13"));
        var image = ScanWorld.Debian("zlib1g=1.2.11");
        await scans.World.PushAsync("1", image);
        await scans.UntilAsync(image.Digest, ImageScanState.Completed);

        await AttachAsync(scans, image, key.Sign(InTotoStatement.PayloadType, Vex(image)).ToBytes());

        await scans.World.UntilAsync(async () => (await scans.ScanAsync(image.Digest))!.Critical == 0, "the vulnerability to be hidden");
        var status = (await scans.ScanAsync(image.Digest))!;
        Assert.That((status.Hidden, status.Attested!.Single()), Is.EqualTo(((int?)1, status.Attested!.Single(a => a.StartsWith("VEX by security", StringComparison.Ordinal)))));
    }

    [Test]
    public async Task A_document_that_nobody_signed_or_somebody_else_is_shown_and_not_used()
    {
        var (key, other) = (EvidenceKey.Of(EvidenceKey.NewPem())!, EvidenceKey.Of(EvidenceKey.NewPem())!);
        await using var scans = await ScanWorld.StartAsync($"evidenceAuthors: [{{name: security, publicKey: {JsonSerializer.Serialize(key.PublicPem)} }}]");
        scans.Know(("zlib1g", "CVE-2022-37434", Severity.Critical, "1.2.13"));
        var (image, another) = (ScanWorld.Debian("zlib1g=1.2.11"), ScanWorld.Debian("zlib1g=1.2.12"));
        await image.PushAsync(scans.World.Direct, RegistryWorld.Name);
        await AttachDirectlyAsync(scans, image, Vex(image));
        await AttachDirectlyAsync(scans, image, other.Sign(InTotoStatement.PayloadType, Vex(image)).ToBytes());
        await AttachDirectlyAsync(scans, image, key.Sign(InTotoStatement.PayloadType, Vex(another)).ToBytes());

        await scans.World.PushAsync("1", image);

        await scans.World.UntilAsync(async () => (await scans.ScanAsync(image.Digest))?.Ignored?.Count == 3, "the documents to be shown");
        var status = (await scans.ScanAsync(image.Digest))!;
        Assert.That((status.Critical, status.Hidden, status.Attested), Is.EqualTo(((int?)1, (int?)null, (IReadOnlyList<string>?)null)));
        Assert.That(string.Join('\n', status.Ignored!), Does.Contain("it is not signed").And.Contain("signed by nobody whom").And.Contain("about another image"));
    }

    [Test]
    public async Task The_findings_of_a_report_that_an_author_of_the_repository_signed_count_and_hide_none()
    {
        var key = EvidenceKey.Of(EvidenceKey.NewPem())!;
        await using var scans = await ScanWorld.StartAsync($"evidenceAuthors: [{{name: security, publicKey: {JsonSerializer.Serialize(key.PublicPem)} }}]");
        scans.Know(("zlib1g", "CVE-2022-37434", Severity.Critical, "1.2.13"));
        var image = ScanWorld.Debian("zlib1g=1.2.11");
        await scans.World.PushAsync("1", image);
        await scans.UntilAsync(image.Digest, ImageScanState.Completed);

        await AttachAsync(scans, image, key.Sign(InTotoStatement.PayloadType, Report(image)).ToBytes());

        await scans.World.UntilAsync(async () => (await scans.ScanAsync(image.Digest))!.Attested is not null, "the report to count");
        var status = (await scans.ScanAsync(image.Digest))!;
        Assert.That((status.State, status.Critical, status.Major, status.Unknown), Is.EqualTo(((ImageScanState?)ImageScanState.Completed, (int?)1, (int?)1, (int?)1)));
        Assert.That(status.Findings!.Select(f => (f.Id, f.Component)), Is.EqualTo(new[]
        {
            ("CVE-2022-37434", "zlib1g 1.2.11"), ("CVE-2024-1", "libapp 1.0"), ("CVE-2024-2", "conan/fmt 9.0.0"),
        }));
        Assert.That(status.Attested!.Single(), Does.StartWith("Trivy 0.50.1 by security (sha256:"));
    }

    [Test]
    public async Task A_report_of_which_a_vulnerability_cannot_be_read_makes_the_scan_incomplete()
    {
        var key = EvidenceKey.Of(EvidenceKey.NewPem())!;
        await using var scans = await ScanWorld.StartAsync($"evidenceAuthors: [{{name: security, publicKey: {JsonSerializer.Serialize(key.PublicPem)} }}]");
        scans.Know();
        var image = ScanWorld.Debian("zlib1g=1.2.11");
        await image.PushAsync(scans.World.Direct, RegistryWorld.Name);
        var report = Encoding.UTF8.GetString(Report(image)).Replace("\"CVE-2024-1\"", "null", StringComparison.Ordinal);
        await AttachDirectlyAsync(scans, image, key.Sign(InTotoStatement.PayloadType, Encoding.UTF8.GetBytes(report)).ToBytes());

        await scans.World.PushAsync("1", image);

        Assert.That((await scans.UntilAsync(image.Digest, ImageScanState.Incomplete)).Problems!.Single(), Does.StartWith("in the report of Trivy 0.50.1: the vulnerability"));
    }

    /// <summary>What cosign attests of a report of Trivy.</summary>
    private static byte[] Report(BuiltImage image) => Encoding.UTF8.GetBytes($$"""
        {
          "_type": "{{InTotoStatement.StatementType}}", "predicateType": "https://cosign.sigstore.dev/attestation/vuln/v1",
          "subject": [{"name": "web", "digest": {"sha256": "{{image.Digest.Split(':')[1]}}"} }],
          "predicate": {"scanner": {"uri": "pkg:github/aquasecurity/trivy", "result": {
            "SchemaVersion": 2, "ArtifactName": "web", "Trivy": {"Version": "0.50.1"},
            "Results": [
              {"Type": "debian", "Vulnerabilities": [{"VulnerabilityID": "CVE-2024-1", "PkgName": "libapp", "InstalledVersion": "1.0", "Severity": "MEDIUM"}]},
              {"Type": "conan", "Vulnerabilities": [{"VulnerabilityID": "CVE-2024-2", "PkgName": "fmt", "InstalledVersion": "9.0.0", "PkgIdentifier": {"PURL": "pkg:conan/fmt@9.0.0"} }]}
            ]
          } } }
        }
        """);

    /// <summary>A statement that the vulnerability cannot be exploited in the image.</summary>
    private static byte[] Vex(BuiltImage image) => Encoding.UTF8.GetBytes($$"""
        {
          "_type": "{{InTotoStatement.StatementType}}", "predicateType": "https://openvex.dev/ns/v0.2.0",
          "subject": [{"name": "web", "digest": {"sha256": "{{image.Digest.Split(':')[1]}}"} }],
          "predicate": {
            "@context": "https://openvex.dev/ns/v0.2.0", "@id": "https://example.com/vex/1", "author": "security@example.com", "timestamp": "2026-03-01T00:00:00Z", "version": 1,
            "statements": [{
              "vulnerability": {"name": "CVE-2022-37434"}, "status": "not_affected", "justification": "vulnerable_code_not_in_execute_path",
              "products": [{"@id": "pkg:oci/web@{{image.Digest}}", "hashes": {"sha-256": "{{image.Digest.Split(':')[1]}}"} }]
            }]
          }
        }
        """);

    private static async Task<RegistryManifest> UploadAsync(ScanWorld scans, BuiltImage image, byte[] document)
    {
        var referrer = new ImageBuilder().WithLayer(document, DsseEnvelope.MediaType).BuildReferrer(image.Manifest, VexType);
        foreach (var blob in referrer.Blobs)
        {
            await scans.World.Direct.Uploads.UploadAsync(RegistryWorld.Name, BlobSource.Of(blob), default);
        }

        return referrer.Manifest;
    }

    /// <summary>As the gateway does it, so that the ledger shows it.</summary>
    private static async Task AttachAsync(ScanWorld scans, BuiltImage image, byte[] document) =>
        await scans.World.Direct.Referrers.AttachAsync(RegistryWorld.Name, await UploadAsync(scans, image, document), new ReferrerTags(scans.World.Writes, "dtr"), default);

    private static async Task AttachDirectlyAsync(ScanWorld scans, BuiltImage image, byte[] document) =>
        await scans.World.Direct.Referrers.AttachAsync(RegistryWorld.Name, await UploadAsync(scans, image, document), null, default);
}

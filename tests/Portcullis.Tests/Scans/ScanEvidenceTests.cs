using Microsoft.Extensions.DependencyInjection;
using Portcullis.Clients.Registry;
using Portcullis.Core.Attestations;
using Portcullis.Core.Components;
using Portcullis.Core.Criteria;
using Portcullis.Core.Scans;
using Portcullis.Core.Vulnerabilities;
using Portcullis.Evidence;
using Portcullis.Registries;
using Portcullis.Scans;
using Portcullis.Scanning.Store;
using Portcullis.Testing.Registries;
using Portcullis.Tests.Repositories;

namespace Portcullis.Tests.Scans;

/// <summary>What is attached to images is believed only when the operator signed it for that image.</summary>
[TestFixture]
internal sealed class ScanEvidenceTests
{
    [Test]
    public async Task An_operator_without_a_store_knows_the_components_from_the_signed_evidence_and_reads_no_layer()
    {
        await using var scans = await ScanWorld.StartAsync();
        scans.Know(("zlib1g", "CVE-2022-37434", Severity.Critical, "1.2.13"));
        var image = ScanWorld.Debian("zlib1g=1.2.11");
        await scans.World.PushAsync("1", image);
        Assert.That((await scans.UntilAsync(image.Digest, ImageScanState.Completed)).Evidence, Is.Not.Null);
        DeleteBlob(scans, image.Blobs[0]);

        var another = await scans.World.StartHostAsync(configure: scans.Configure);

        var store = another.GetRequiredService<ComponentStore>();
        await scans.World.UntilAsync(() => Task.FromResult(store.Image(image.Digest) is not null), "the other operator to know the image");
        Assert.That(store.Image(image.Digest)!.Components.Select(c => c.Component.Name), Is.EqualTo(new[] { "zlib1g" }));
        Assert.That(store.Image(image.Digest)!.IsComplete);
    }

    [Test]
    public async Task Evidence_that_another_key_signed_is_no_evidence()
    {
        await using var scans = await ScanWorld.StartAsync();
        scans.Know(("zlib1g", "CVE-2022-37434", Severity.Critical, "1.2.13"));
        var image = ScanWorld.Debian("zlib1g=1.2.11");
        await image.PushAsync(scans.World.Direct, RegistryWorld.Name);
        var clean = new ComponentsEvidence(ScannerVersion.Current, [new LayerInventory { Digest = ContentDigest.Of(image.Blobs[0]) }]);
        await AttachAsync(scans, image, EvidenceKey.Of(EvidenceKey.NewPem())!.Sign(InTotoStatement.PayloadType, clean.ToStatement("x", image.Digest).ToBytes()));

        await scans.World.PushAsync("1", image);

        Assert.That((await scans.UntilAsync(image.Digest, ImageScanState.Completed)).Critical, Is.EqualTo(1));
    }

    [Test]
    public async Task Evidence_of_one_image_is_none_of_another()
    {
        await using var scans = await ScanWorld.StartAsync();
        scans.Know(("zlib1g", "CVE-2022-37434", Severity.Critical, "1.2.13"));
        var (clean, vulnerable) = (ScanWorld.Debian("bash=5.2"), ScanWorld.Debian("zlib1g=1.2.11"));
        await scans.World.PushAsync("clean", clean);
        var genuine = (await scans.UntilAsync(clean.Digest, ImageScanState.Completed)).Evidence!;
        var document = (await scans.World.Direct.Manifests.GetAsync(RegistryWorld.Name, genuine, default))!.View().Layers[0].Digest;
        await vulnerable.PushAsync(scans.World.Direct, RegistryWorld.Name);
        await AttachAsync(scans, vulnerable, DsseEnvelope.Read(await scans.World.Direct.Blobs.ReadAsync(RegistryWorld.Name, document, 1 << 20, default))!);

        await scans.World.PushAsync("vulnerable", vulnerable);

        Assert.That((await scans.UntilAsync(vulnerable.Digest, ImageScanState.Completed)).Critical, Is.EqualTo(1));
    }

    [Test]
    public async Task Whoever_has_no_store_reads_the_components_by_the_digest_in_the_scan()
    {
        await using var scans = await ScanWorld.StartAsync();
        scans.Know();
        var image = ScanWorld.Debian("bash=5.2", "zlib1g=1.2.11");
        await scans.World.PushAsync("1", image);
        await scans.UntilAsync(image.Digest, ImageScanState.Completed);

        var gateway = new ScannedImages(scans.World.Services.GetRequiredService<Kubernetes.Stores.IStore<ImageScan>>(), new AttachedComponents(scans.World.Services.GetRequiredService<RegistryConnections>()));
        ScanEvidence? known = null;
        await scans.World.UntilAsync(
            async () => (known = await gateway.OfAsync(RegistryWorld.Id, image.Digest, EvidenceNeeds.Components, default)) is { State: ScanState.Completed }, "the scan to be in the store");
        Assert.That(known!.Components!.Select(c => c.Name), Is.EquivalentTo(new[] { "bash", "zlib1g" }));
    }

    [Test]
    public async Task A_vulnerability_that_Git_hides_does_not_count()
    {
        await using var scans = await ScanWorld.StartAsync(
            "vulnerabilityOverrides: [{vulnerability: CVE-2022-37434, reason: not reachable, owner: security, expiresAt: '2099-01-01T00:00:00Z'}]");
        scans.Know(("zlib1g", "CVE-2022-37434", Severity.Critical, "1.2.13"), ("bash", "CVE-2022-3715", Severity.Major, "5.3"));
        var image = ScanWorld.Debian("zlib1g=1.2.11", "bash=5.2");
        await scans.World.PushAsync("1", image);

        var status = await scans.UntilAsync(image.Digest, ImageScanState.Completed);

        Assert.That((status.Critical, status.Major, status.Hidden), Is.EqualTo((0, 1, 1)));
        await scans.World.DeclareAsync("");
        await scans.World.UntilAsync(async () => (await scans.ScanAsync(image.Digest))!.Critical == 1, "the vulnerability to count again");
    }

    [Test]
    public async Task A_vulnerability_that_Git_hides_for_a_registry_counts_in_none_of_its_repositories()
    {
        await using var scans = await ScanWorld.StartAsync();
        scans.Know(("zlib1g", "CVE-2022-37434", Severity.Critical, "1.2.13"), ("bash", "CVE-2022-3715", Severity.Major, "5.3"));
        var image = ScanWorld.Debian("zlib1g=1.2.11", "bash=5.2");
        await scans.World.PushAsync("1", image);
        Assert.That((await scans.UntilAsync(image.Digest, ImageScanState.Completed)).Critical, Is.EqualTo(1));

        await scans.World.DeclareRegistryAsync("vulnerabilityOverrides: [{vulnerability: CVE-2022-37434, component: zlib1g, reason: not reachable, owner: security, expiresAt: '2099-01-01T00:00:00Z'}]");

        await scans.World.UntilAsync(async () => await scans.ScanAsync(image.Digest) is { Critical: 0, Major: 1, Hidden: 1 }, "the vulnerability to be hidden");
        await scans.World.DeclareRegistryAsync("vulnerabilityOverrides: [{vulnerability: CVE-2022-37434, component: bash, reason: not reachable, owner: security, expiresAt: '2099-01-01T00:00:00Z'}]");
        await scans.World.UntilAsync(async () => (await scans.ScanAsync(image.Digest))!.Critical == 1, "the vulnerability to count again");
    }

    [Test]
    public async Task The_result_is_attached_as_CycloneDX_and_takes_the_place_of_the_one_before_it()
    {
        await using var scans = await ScanWorld.StartAsync();
        scans.Know();
        var image = ScanWorld.Debian("zlib1g=1.2.11");
        await scans.World.PushAsync("1", image);
        await scans.World.UntilAsync(async () => (await scans.ScanAsync(image.Digest))?.Report is not null, "the result to be attached");

        scans.Know(("zlib1g", "CVE-2022-37434", Severity.Critical, "1.2.13"));

        await scans.World.UntilAsync(async () => await scans.ScanAsync(image.Digest) is { Critical: 1, Report: not null, ReportOutdated: null }, "the new result to be attached");
        var attached = (await scans.World.Direct.Referrers.ListAsync(RegistryWorld.Name, image.Digest, ResultReports.ArtifactType, default)).Single();
        Assert.That(attached.Digest, Is.EqualTo((await scans.ScanAsync(image.Digest))!.Report));
        var statement = AttachedDocuments.StatementOf(await AttachedDocuments.ReadAsync(scans.World.Direct, RegistryWorld.Id, attached.Digest, default))!;
        Assert.That(statement.IsAbout(image.Digest));
        Assert.That(statement.PredicateType, Is.EqualTo("https://cyclonedx.org/bom"));
        Assert.That(statement.Predicate["vulnerabilities"]![0]!["id"]!.GetValue<string>(), Is.EqualTo("CVE-2022-37434"));
    }

    private static async Task AttachAsync(ScanWorld scans, BuiltImage image, DsseEnvelope envelope)
    {
        var referrer = new ImageBuilder().WithLayer(envelope.ToBytes(), DsseEnvelope.MediaType).BuildReferrer(image.Manifest, ComponentsEvidence.ArtifactType);
        foreach (var blob in referrer.Blobs)
        {
            await scans.World.Direct.Uploads.UploadAsync(RegistryWorld.Name, BlobSource.Of(blob), default);
        }

        await scans.World.Direct.Referrers.AttachAsync(RegistryWorld.Name, referrer.Manifest, null, default);
    }

    private static void DeleteBlob(ScanWorld scans, byte[] blob)
    {
        var hex = ContentDigest.Of(blob).Split(':')[1];
        Directory.Delete(Path.Combine(scans.World.Registry.DataFolder, "docker/registry/v2/blobs/sha256", hex[..2], hex), recursive: true);
    }
}

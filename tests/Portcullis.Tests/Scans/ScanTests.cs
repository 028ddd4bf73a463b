using System.Text.Json.Nodes;
using Portcullis.Core.Scans;
using Portcullis.Core.Vulnerabilities;
using Portcullis.Testing.Registries;
using Portcullis.Tests.Repositories;
using Portcullis.Tests.Webhooks;

namespace Portcullis.Tests.Scans;

/// <summary>From a push to the promotion by what was found in the image, with a real docker-registry.</summary>
[TestFixture]
internal sealed class ScanTests
{
    private const string NoVulnerabilities = "{field: AllVulnerabilities, operator: LessOrEqual, values: ['0']}";

    [Test]
    public async Task An_image_is_scanned_when_it_is_pushed_and_promoted_when_it_has_no_vulnerability()
    {
        await using var scans = await ScanWorld.StartAsync();
        scans.Know(("zlib1g", "CVE-2022-37434", Severity.Critical, "1.2.13"));
        await scans.DeclareAsync("clean", NoVulnerabilities);
        var (vulnerable, mended) = (ScanWorld.Debian("zlib1g=1.2.11", "bash=5.2"), ScanWorld.Debian("zlib1g=1.2.13", "bash=5.2"));

        await scans.World.PushAsync("1", vulnerable);
        await scans.World.PushAsync("2", mended);

        var found = await scans.UntilAsync(vulnerable.Digest, ImageScanState.Completed);
        Assert.That((found.Critical, found.Major, found.Components, found.Distribution), Is.EqualTo((1, 0, 2, "debian 12")));
        Assert.That(found.Findings!.Single(), Is.EqualTo(new ReportedFinding { Id = "CVE-2022-37434", Severity = Severity.Critical, Score = 9.8m, Component = "zlib1g 1.2.11", FixedIn = "1.2.13" }));
        await scans.World.UntilAsync(async () => await scans.LiveAsync("2") == mended.Digest, "the image without vulnerabilities to be promoted");
        Assert.That(await scans.LiveAsync("1"), Is.Null);
        Assert.That((await scans.PolicyAsync("clean"))!.Decisions!.Single(d => d.Tag == "1").Reason, Does.Contain("1 vulnerability; at most 0 allowed"));
    }

    [Test]
    public async Task Without_a_vulnerability_database_nothing_is_known_of_an_image()
    {
        await using var scans = await ScanWorld.StartAsync();
        await scans.DeclareAsync("clean", NoVulnerabilities);
        var image = ScanWorld.Debian("bash=5.2");

        await scans.World.PushAsync("1", image);

        var status = await scans.UntilAsync(image.Digest, ImageScanState.Pending);
        Assert.That((status.Critical, status.Components), Is.EqualTo(((int?)null, 1)));
        await scans.World.UntilAsync(async () => (await scans.PolicyAsync("clean"))?.Decisions?.Any(d => d.Reason!.Contains("the scan is not finished", StringComparison.Ordinal)) == true, "the policy to say so");
    }

    [Test]
    public async Task An_image_with_a_part_that_cannot_be_read_is_never_promoted_and_delays_no_other()
    {
        await using var scans = await ScanWorld.StartAsync();
        scans.Know();
        await scans.DeclareAsync("clean", NoVulnerabilities);
        var (broken, whole) = (ImageBuilder.Small(7), ScanWorld.Debian("bash=5.2"));

        await scans.World.PushAsync("broken", broken);
        await scans.World.PushAsync("whole", whole);

        var status = await scans.UntilAsync(broken.Digest, ImageScanState.Incomplete);
        Assert.That(status.Problems, Is.Not.Empty);
        await scans.World.UntilAsync(async () => await scans.LiveAsync("whole") == whole.Digest, "the other image to be promoted");
        Assert.That(await scans.LiveAsync("broken"), Is.Null);
    }

    [Test]
    public async Task An_index_is_as_its_images_are_together()
    {
        await using var scans = await ScanWorld.StartAsync();
        scans.Know(("zlib1g", "CVE-2022-37434", Severity.Critical, "1.2.13"), ("bash", "CVE-2022-3715", Severity.Major, "5.3"));
        var (one, other) = (ScanWorld.Debian("zlib1g=1.2.11"), ScanWorld.Debian("bash=5.2"));
        var index = ImageBuilder.Index(one, other);
        await one.PushAsync(scans.World.Direct, RegistryWorld.Name);
        await other.PushAsync(scans.World.Direct, RegistryWorld.Name);

        await scans.World.PushAsync("all", index);

        var status = await scans.UntilAsync(index.Digest, ImageScanState.Completed);
        Assert.That((status.Critical, status.Major, status.Images), Is.EqualTo((1, 1, new[] { one.Digest, other.Digest })));
        Assert.That((await scans.UntilAsync(other.Digest, ImageScanState.Completed)).Critical, Is.Zero);
    }

    [Test]
    public async Task A_promoted_image_that_would_not_be_promoted_any_more_is_reported()
    {
        await using var scans = await ScanWorld.StartAsync();
        scans.Know();
        await scans.DeclareAsync("clean", NoVulnerabilities);
        var image = ScanWorld.Debian("zlib1g=1.2.11");
        await scans.World.PushAsync("1", image);
        await scans.World.UntilAsync(async () => await scans.LiveAsync("1") == image.Digest, "the image to be promoted");
        await scans.UntilAsync(image.Digest, ImageScanState.Completed, ScanWorld.LiveId);

        scans.Know(("zlib1g", "CVE-2022-37434", Severity.Critical, "1.2.13"));

        await scans.World.UntilAsync(async () => (await scans.PolicyAsync("clean"))?.Regressed == 1, "the policy to report the image");
        var status = (await scans.PolicyAsync("clean"))!;
        Assert.That(status.Regressions!.Single().Reason, Does.Contain("1 vulnerability; at most 0 allowed"));
        Assert.That(status.Conditions!.Single(c => c.Type == "Ready").Reason, Is.EqualTo("Regressed"));
    }

    [Test]
    public async Task The_webhooks_of_the_target_are_notified_once_of_a_promoted_image_that_would_not_be_promoted_any_more()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var scans = await ScanWorld.StartAsync(live: $"webhooks: [{{name: scans, url: \"{receiver.Address.AbsoluteUri}\", events: [SCAN_REGRESSED]}}]");
        scans.Know();
        await scans.DeclareAsync("clean", NoVulnerabilities);
        var image = ScanWorld.Debian("zlib1g=1.2.11");
        await scans.World.PushAsync("1", image);
        await scans.World.UntilAsync(async () => await scans.LiveAsync("1") == image.Digest, "the image to be promoted");
        await scans.UntilAsync(image.Digest, ImageScanState.Completed, ScanWorld.LiveId);

        scans.Know(("zlib1g", "CVE-2022-37434", Severity.Critical, "1.2.13"));

        await scans.World.UntilAsync(() => Task.FromResult(receiver.Received.Count == 1), "the notification");
        var notice = JsonNode.Parse(receiver.Received[0].Body)!;
        Assert.That(notice["type"]!.GetValue<string>(), Is.EqualTo("SCAN_REGRESSED"));
        var contents = notice["contents"]!;
        Assert.That(
            (contents["imageName"]!.GetValue<string>(), contents["digest"]!.GetValue<string>(), contents["promotionPolicyID"]!.GetValue<string>()),
            Is.EqualTo(("dtr.example.com/shop/live:1", image.Digest, "clean")));
        Assert.That(contents["reason"]!.GetValue<string>(), Does.Contain("1 vulnerability; at most 0 allowed"));
        scans.Know(("zlib1g", "CVE-2022-37434", Severity.Critical, "1.2.13"));
        await scans.World.UntilAsync(async () => (await scans.PolicyAsync("clean"))?.Regressed == 1, "the policy to have looked again");
        Assert.That(receiver.Received, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task What_is_no_image_is_said_to_be_none_and_never_promoted_by_what_a_scan_finds()
    {
        await using var scans = await ScanWorld.StartAsync();
        scans.Know();
        await scans.DeclareAsync("clean", NoVulnerabilities);
        var chart = new ImageBuilder().WithLayer("chart"u8.ToArray()).BuildReferrer(ScanWorld.Debian("bash=5.2").Manifest, "application/vnd.cncf.helm.config.v1+json");

        await scans.World.PushAsync("chart", chart);

        var status = await scans.UntilAsync(chart.Digest, ImageScanState.NotAnImage);
        Assert.That(status.Problems!.Single(), Is.EqualTo("it is no container image but application/vnd.cncf.helm.config.v1+json"));
        Assert.That((status.Critical, status.Components, status.Evidence), Is.EqualTo(((int?)null, (int?)null, (string?)null)));
        Assert.That(status.Conditions!.Single(c => c.Type == "Stalled").Reason, Is.EqualTo("NotAnImage"));
        await scans.World.UntilAsync(async () => (await scans.PolicyAsync("clean"))?.Decisions?.Any(d => d.Tag == "chart") == true, "the policy to decide");
        Assert.That(await scans.LiveAsync("chart"), Is.Null);
    }

    [Test]
    public async Task A_scan_goes_with_the_last_tag_of_its_image()
    {
        await using var scans = await ScanWorld.StartAsync();
        scans.Know();
        var image = ScanWorld.Debian("bash=5.2");
        await scans.World.PushAsync("1", image);
        await scans.UntilAsync(image.Digest, ImageScanState.Completed);

        await scans.World.Writes.DeleteTagAsync(RegistryWorld.Id, "1", "ann", default);

        await scans.World.UntilAsync(async () => await scans.World.Cluster.Client.GetAsync(ImageScan.Definition, ImageScanNames.Key(RegistryWorld.Id, image.Digest), default) is null, "the scan to go");
    }

    [Test]
    public async Task Webhooks_are_notified_of_a_scan_that_is_complete_and_of_one_that_is_not()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var scans = await ScanWorld.StartAsync($"webhooks: [{{name: scans, url: \"{receiver.Address.AbsoluteUri}\", events: [SCAN_COMPLETED, SCAN_FAILED]}}]");
        scans.Know(("zlib1g", "CVE-2022-37434", Severity.Critical, "1.2.13"));
        await scans.World.PushAsync("good", ScanWorld.Debian("zlib1g=1.2.11"));
        await scans.World.UntilAsync(() => Task.FromResult(receiver.Received.Count == 1), "the notification");

        await scans.World.PushAsync("bad", ImageBuilder.Small(7));

        await scans.World.UntilAsync(() => Task.FromResult(receiver.Received.Count == 2), "the other notification");
        var (completed, failed) = (JsonNode.Parse(receiver.Received[0].Body)!, JsonNode.Parse(receiver.Received[1].Body)!);
        Assert.That((completed["type"]!.GetValue<string>(), completed["contents"]!["tag"]!.GetValue<string>()), Is.EqualTo(("SCAN_COMPLETED", "good")));
        Assert.That(completed["contents"]!["scanSummary"]!["critical"]!.GetValue<int>(), Is.EqualTo(1));
        Assert.That(failed["type"]!.GetValue<string>(), Is.EqualTo("SCAN_FAILED"));
        Assert.That(failed["contents"]!["error"]!.GetValue<string>(), Does.StartWith("layer sha256:"));
    }
}

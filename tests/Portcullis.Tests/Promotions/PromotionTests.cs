using Portcullis.Clients.Registry;
using Portcullis.Core.Repositories;
using Portcullis.Kubernetes.Client;
using Portcullis.Objects;
using Portcullis.Objects.Json;
using Portcullis.Testing.Registries;
using Portcullis.Tests.Repositories;

namespace Portcullis.Tests.Promotions;

/// <summary>Promotions within a real docker-registry.</summary>
internal sealed class PromotionTests
{
    private const string NoneCritical = "criteria: [{field: CriticalVulnerabilities, operator: LessOrEqual, values: ['0']}]";

    private static readonly ApiResource Events = new("", "v1", "Event", "events", true);

    [Test]
    public async Task An_image_that_meets_the_criteria_is_promoted_and_everything_says_so()
    {
        await using var setup = await PromotionSetup.StartAsync();
        await setup.DeclareAsync("live", NoneCritical);
        var image = ImageBuilder.Small();
        setup.Scanned(image);

        await setup.World.PushAsync("66", image);

        await setup.UntilPromotedAsync("66", image);
        var done = await setup.UntilDoneAsync("66", "live");
        Assert.That((done.Digest, done.TargetTag), Is.EqualTo((image.Digest, "66")));
        var entry = (await setup.World.Ledgers.ReadAsync(PromotionSetup.LiveId, "66", default))!;
        Assert.That((entry.Digest, entry.Author, entry.Claim), Is.EqualTo((image.Digest, "ann", (TagClaim?)null)));
        var source = (await setup.World.Ledgers.ReadAsync(RegistryWorld.Id, "66", default))!;
        Assert.That(entry.PromotedFrom, Is.EqualTo(new PromotionOrigin { Policy = "live", Repository = "shop/web", Tag = "66", PushedAt = source.PushedAt }));

        await setup.UntilDecidedAsync("live", "66", "Promoted");
        var policy = await setup.PolicyAsync("live");
        Assert.That((policy.Status!.Promoted, policy.Status.LastPromotion!.TargetTag), Is.EqualTo((1, "66")));
        await setup.World.UntilAsync(async () => await EventsAsync(setup, "Promoted") == 1, "the Event Promoted");
    }

    [Test]
    public async Task An_image_that_is_nested_too_deep_is_blocked_and_the_others_are_promoted()
    {
        await using var setup = await PromotionSetup.StartAsync();
        await setup.DeclareAsync("live");
        var deep = ImageBuilder.Small();
        for (var i = 0; i < 9; i++)
        {
            deep = ImageBuilder.Index(deep);
        }

        await deep.PushAsync(setup.World.Direct, RegistryWorld.Name);
        await setup.World.PushAsync("deep", deep);
        await setup.World.PushAsync("66", ImageBuilder.Small(2));

        Assert.That((await setup.UntilDecidedAsync("live", "deep", "Blocked")).Reason, Does.Contain("nested deeper than 8"));
        await setup.UntilDecidedAsync("live", "66", "Promoted");
        Assert.That((await setup.PolicyAsync("live")).Status!.Conditions!.Single(c => c.Type == "Ready").Status.ToString(), Is.EqualTo("True"));
    }

    [Test]
    public async Task The_decision_record_beside_the_image_says_who_decided_it_by_what()
    {
        await using var setup = await PromotionSetup.StartAsync();
        await setup.DeclareAsync("live", NoneCritical);
        var image = ImageBuilder.Small();
        setup.Scanned(image);
        await setup.World.PushAsync("66", image);
        var done = await setup.UntilDoneAsync("66", "live");

        var record = (await setup.RecordsAsync(image)).Single();

        record.Remove("time");
        Assert.That(record.ToJsonString(), Is.EqualTo(
            $$"""{"policy":"live","generation":1,"commit":"5f0c0ffee0000000000000000000000000000000","author":"Ann \u003Cann@example.com\u003E","path":"promo.yaml:1","source":"shop/web:66","target":"shop/live:66","digest":"{{image.Digest}}","databaseDate":"2026-03-01T00:00:00Z","criteria":[{"criterion":"CriticalVulnerabilities LessOrEqual 0","outcome":"Met","evidence":"0 critical vulnerabilities; at most 0 allowed"}]}"""));
        Assert.That(done.At, Is.EqualTo(DateTimeOffset.UtcNow).Within(TimeSpan.FromMinutes(2)));
    }

    [Test]
    public async Task An_image_that_was_not_scanned_is_held_back_until_it_was_and_one_with_vulnerabilities_stays_so()
    {
        await using var setup = await PromotionSetup.StartAsync();
        await setup.DeclareAsync("live", NoneCritical);
        var (image, bad) = (ImageBuilder.Small(1), ImageBuilder.Small(2));
        setup.Scanned(bad, critical: 2);
        await setup.World.PushAsync("66", image);
        await setup.World.PushAsync("67", bad);

        Assert.That((await setup.UntilDecidedAsync("live", "66", "HeldBack")).Reason, Is.EqualTo("CriticalVulnerabilities LessOrEqual 0: not scanned"));
        Assert.That((await setup.UntilDecidedAsync("live", "67", "HeldBack")).Reason, Is.EqualTo("CriticalVulnerabilities LessOrEqual 0: 2 critical vulnerabilities; at most 0 allowed"));

        setup.Scanned(image);
        await setup.World.PushAsync("unrelated", bad);
        await setup.UntilPromotedAsync("66", image);
        Assert.That(await setup.DigestAsync("67"), Is.Null);
    }

    [Test]
    public async Task Two_policies_promote_one_push_to_its_own_tag_and_to_latest_and_a_chain_goes_on()
    {
        await using var setup = await PromotionSetup.StartAsync();
        await setup.DeclareAsync("own");
        await setup.DeclareAsync("latest", template: "latest");
        await setup.DeclareAsync("prod", "criteria: [{field: Tag, operator: Equals, values: [latest]}]", PromotionSetup.Live, "shop/prod", "stable");
        var image = ImageBuilder.Small();

        await setup.World.PushAsync("66", image);

        await setup.UntilPromotedAsync("66", image);
        await setup.UntilPromotedAsync("latest", image);
        await setup.UntilPromotedAsync("stable", image, "shop/prod");
        var next = ImageBuilder.Small(2);
        await setup.World.PushAsync("67", next);
        await setup.UntilPromotedAsync("stable", next, "shop/prod");
        Assert.That(await setup.DigestAsync("66", "shop/prod"), Is.Null);
    }

    [Test]
    public async Task An_index_keeps_its_digest_and_what_is_attached_to_it_travels_along()
    {
        await using var setup = await PromotionSetup.StartAsync();
        var index = ImageBuilder.Index(ImageBuilder.Small(1), new ImageBuilder(2).For("linux", "arm64").WithLayers(1, 100).Build());
        await index.PushAsync(setup.World.Direct, RegistryWorld.Name);
        var signature = new ImageBuilder(3).WithLayers(1, 10).BuildReferrer(index.Manifest, "application/vnd.example.signature");
        foreach (var blob in signature.Blobs)
        {
            await setup.World.Direct.Uploads.UploadAsync(RegistryWorld.Name, BlobSource.Of(blob), default);
        }

        await setup.World.Direct.Referrers.AttachAsync(RegistryWorld.Name, signature.Manifest, null, default);
        await setup.DeclareAsync("live");

        await setup.World.PushAsync("66", index with { Children = [] });

        await setup.UntilDoneAsync("66", "live");
        Assert.That(await setup.DigestAsync("66"), Is.EqualTo(index.Digest));
        Assert.That(await setup.DigestAsync(index.Children[1].Digest), Is.EqualTo(index.Children[1].Digest));
        var attached = await setup.World.Direct.Referrers.ListAsync(PromotionSetup.Live, index.Digest, "application/vnd.example.signature", default);
        Assert.That(attached.Select(a => a.Digest), Is.EqualTo(new[] { signature.Digest }));
        Assert.That(await setup.RecordsAsync(index), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task An_immutable_target_is_blocked_with_its_rule_and_stays_as_it_is()
    {
        await using var setup = await PromotionSetup.StartAsync("immutability: {rules: [{tags: ['*']}]}");
        await setup.DeclareAsync("live");
        await setup.World.PushAsync("66", ImageBuilder.Small(1));
        await setup.UntilPromotedAsync("66", ImageBuilder.Small(1));

        await setup.World.PushAsync("66", ImageBuilder.Small(2));

        var verdict = await setup.UntilDecidedAsync("live", "66", "Blocked");
        Assert.That(verdict.Reason, Is.EqualTo($"shop/live:66 is immutable (spec.immutability.rules[0]) and names {ImageBuilder.Small(1).Digest}"));
        Assert.That(await setup.DigestAsync("66"), Is.EqualTo(ImageBuilder.Small(1).Digest));
        await setup.World.UntilAsync(async () => await EventsAsync(setup, "PromotionBlocked") == 1, "the Event PromotionBlocked");
    }

    [Test]
    public async Task Tags_that_were_there_before_a_policy_are_promoted_when_it_says_Existing_and_again_by_an_edited_one()
    {
        await using var setup = await PromotionSetup.StartAsync();
        var image = ImageBuilder.Small();
        await setup.World.PushAsync("66", image);
        await setup.World.Ledgers.UpdateAsync(RegistryWorld.Id, "66", e => e! with { PushedAt = DateTimeOffset.UtcNow.AddHours(-1) }, default);
        await setup.DeclareAsync("live");
        await setup.World.PushAsync("67", image);
        await setup.UntilPromotedAsync("67", image);
        Assert.That(await setup.DigestAsync("66"), Is.Null);

        await setup.DeclareAsync("live", "applyTo: Existing", template: "v%n");

        await setup.UntilPromotedAsync("v66", image);
        await setup.UntilPromotedAsync("v67", image);
        Assert.That(await setup.DigestAsync("66"), Is.Null);
    }

    [Test]
    public async Task A_policy_whose_target_nobody_declares_waits_for_it()
    {
        await using var setup = await PromotionSetup.StartAsync();
        await setup.DeclareAsync("live", to: "shop/other");
        var image = ImageBuilder.Small();
        await setup.World.PushAsync("66", image);
        await setup.World.UntilAsync(
            async () => (await setup.PolicyAsync("live")).Status?.Conditions?.Any(c => c is { Type: "Ready", Reason: "RepositoryMissing", Status: "False" }) == true, "Ready to be False");

        await setup.World.Cluster.ApplyAsync("""
            apiVersion: portcullis.dev/v1alpha1
            kind: Repository
            metadata: {name: other}
            spec: {registry: dtr, name: shop/other}
            """);

        await setup.UntilPromotedAsync("66", image, "shop/other");
    }

    private static async Task<int> EventsAsync(PromotionSetup setup, string reason)
    {
        var events = 0;
        await foreach (var one in setup.World.Cluster.Client.ListAsync(Events, new ListOptions(), default))
        {
            events += one.String("reason") == reason ? 1 : 0;
        }

        return events;
    }
}

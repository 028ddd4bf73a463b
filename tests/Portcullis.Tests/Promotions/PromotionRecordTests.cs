using Portcullis.Core.Promotions;
using Portcullis.Core.Repositories;
using Portcullis.Evidence;
using Portcullis.Testing.Registries;
using Portcullis.Tests.Repositories;

namespace Portcullis.Tests.Promotions;

/// <summary>Decision records: signed, and one for each decision.</summary>
internal sealed class PromotionRecordTests
{
    private static readonly DateTimeOffset At = DateTimeOffset.UtcNow.AddSeconds(5);

    [TestCase(true, 1, Description = "An operator died after it had written the record, and before it said so in the ledger.")]
    [TestCase(false, 2, Description = "Somebody pushed a forged record of the same decision past the gateway.")]
    public async Task A_record_of_the_operators_own_is_not_written_again_and_a_forged_one_keeps_no_record_away(bool isOwn, int records)
    {
        await using var setup = await PromotionSetup.StartAsync();
        var image = ImageBuilder.Small();
        await DecideAsync(setup, image);
        await image.PushAsync(setup.World.Direct, RegistryWorld.Name, "66");
        await image.PushAsync(setup.World.Direct, PromotionSetup.Live);
        await setup.ForgeAsync(image, isOwn ? setup.Key : EvidenceKey.Of(EvidenceKey.NewPem())!, new PromotionEvidence
        {
            Policy = "live", Generation = 1, Source = "shop/web:66", Target = "shop/live:66", Digest = image.Digest, Time = At, Criteria = [],
        });

        await setup.DeclareAsync("live", "applyTo: Existing");
        await setup.UntilDoneAsync("66", "live");

        var attached = await setup.World.Direct.Referrers.ListAsync(PromotionSetup.Live, image.Digest, PromotionEvidence.ArtifactType, default);
        Assert.That(attached, Has.Count.EqualTo(records));
        var valid = 0;
        foreach (var one in attached)
        {
            valid += await AttachedDocuments.VerifiedAsync(setup.World.Direct, PromotionSetup.LiveId, one.Digest, setup.Key, default) is null ? 0 : 1;
        }

        Assert.That(valid, Is.EqualTo(1));
    }

    [Test]
    public async Task Without_a_key_the_record_is_not_signed_and_there_is_one()
    {
        await using var setup = await PromotionSetup.StartAsync(hasKey: false);
        await setup.DeclareAsync("live");
        var image = ImageBuilder.Small();
        await setup.World.PushAsync("66", image);
        await setup.UntilDoneAsync("66", "live");

        var record = (await setup.World.Direct.Referrers.ListAsync(PromotionSetup.Live, image.Digest, PromotionEvidence.ArtifactType, default)).Single();
        var manifest = (await setup.World.Direct.Manifests.GetAsync(PromotionSetup.Live, record.Digest, default))!;
        Assert.That(manifest.View().Layers.Single().MediaType, Is.EqualTo(PromotionEvidence.ArtifactType));
    }

    /// <summary>What an operator left in the ledger that died before the promotion was done.</summary>
    private static Task<TagEntry?> DecideAsync(PromotionSetup setup, BuiltImage image) => setup.World.Ledgers.UpdateAsync(
        RegistryWorld.Id,
        "66",
        _ => new TagEntry
        {
            Tag = "66",
            Digest = image.Digest,
            PushedAt = At,
            Promotions = [new TagPromotion { Policy = "live", Generation = 1, Digest = image.Digest, TargetTag = "66", At = At }],
        },
        default);
}

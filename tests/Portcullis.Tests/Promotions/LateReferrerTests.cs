using Portcullis.Core.Promotions;
using Portcullis.Testing.Registries;
using Portcullis.Tests.Repositories;

namespace Portcullis.Tests.Promotions;

/// <summary>Signatures and lists of components that come after the image.</summary>
internal sealed class LateReferrerTests
{
    private const string Signature = "application/vnd.example.signature";

    [Test]
    public async Task What_is_attached_after_the_promotion_is_brought_along()
    {
        await using var setup = await PromotionSetup.StartAsync();
        await setup.DeclareAsync("live");
        await setup.DeclareAsync("prod", "", PromotionSetup.Live, "shop/prod");
        var image = ImageBuilder.Small();
        await setup.World.PushAsync("66", image);
        await setup.UntilDoneAsync("66", "live");

        await setup.SignAsync(image, "first");
        await setup.World.UntilAsync(async () => (await setup.AttachedAsync(image)).SequenceEqual([Signature, PromotionEvidence.ArtifactType]), "the signature to be in shop/live");
        await setup.SignAsync(image, "second");
        await setup.World.UntilAsync(async () => (await setup.AttachedAsync(image)).Count(t => t == Signature) == 2, "the second one too");

        // And on along the chain, with the decision record of its first step.
        await setup.World.UntilAsync(
            async () => (await setup.AttachedAsync(image, "shop/prod")).SequenceEqual([Signature, Signature, PromotionEvidence.ArtifactType, PromotionEvidence.ArtifactType]), "both and two records in shop/prod");
    }

    [Test]
    public async Task The_operators_reports_about_the_source_are_not_the_targets()
    {
        await using var setup = await PromotionSetup.StartAsync();
        await setup.DeclareAsync("live");
        var image = ImageBuilder.Small();
        await setup.World.PushAsync("66", image);
        await setup.UntilDoneAsync("66", "live");

        await setup.SignAsync(image, "report", "application/vnd.portcullis.scan-result.v1");
        await setup.SignAsync(image, "signature");

        await setup.World.UntilAsync(async () => (await setup.AttachedAsync(image)).Contains(Signature), "the signature to be in shop/live");
        Assert.That(await setup.AttachedAsync(image), Is.EqualTo(new[] { Signature, PromotionEvidence.ArtifactType }));
    }

    [Test]
    public async Task What_is_attached_to_an_image_that_the_target_no_longer_names_stays()
    {
        await using var setup = await PromotionSetup.StartAsync();
        await setup.DeclareAsync("live");
        var (image, other) = (ImageBuilder.Small(1), ImageBuilder.Small(2));
        await setup.World.PushAsync("66", image);
        await setup.World.PushAsync("67", image);
        await setup.UntilDoneAsync("66", "live");
        await setup.UntilDoneAsync("67", "live");
        await other.PushAsync(setup.World.Direct, PromotionSetup.Live);
        foreach (var tag in new[] { "66", "67" })
        {
            await setup.World.Writes.PushAsync(new(PromotionSetup.LiveId, tag, other.Digest, other.Manifest.MediaType, other.Manifest.Bytes) { IsStored = true }, default);
        }

        await setup.SignAsync(image, "late");

        // The next promotion was judged with the signature in the ledger.
        await setup.World.PushAsync("68", ImageBuilder.Small(3));
        await setup.UntilDoneAsync("68", "live");
        Assert.That(await setup.AttachedAsync(image), Is.EqualTo(new[] { PromotionEvidence.ArtifactType, PromotionEvidence.ArtifactType }));
        Assert.That((await setup.World.Ledgers.ReadAsync(RegistryWorld.Id, "66", default))!.Promotions!.Single().Attached, Is.Null);
    }
}

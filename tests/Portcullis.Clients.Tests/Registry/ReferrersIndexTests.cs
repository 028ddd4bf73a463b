using Portcullis.Clients.Registry;
using Portcullis.Testing.Registries;

namespace Portcullis.Clients.Tests.Registry;

internal sealed class ReferrersIndexTests
{
    [Test]
    public void A_list_gets_what_another_one_has_and_keeps_its_own()
    {
        var (mine, theirs) = (ReferrersIndex.With(null, Referrer(1))!, ReferrersIndex.With(ReferrersIndex.With(null, Referrer(2)), Referrer(3))!);
        var both = ReferrersIndex.WithAllOf(theirs, mine)!;
        Assert.That(both.View().Manifests.Select(m => m.Digest), Is.EqualTo(new[] { Referrer(2).Digest, Referrer(3).Digest, Referrer(1).Digest }));
        Assert.That(ReferrersIndex.WithAllOf(both, mine), Is.Null);
        Assert.That(ReferrersIndex.WithAllOf(null, mine), Is.EqualTo(mine));
    }

    [Test]
    public void An_image_where_the_list_belongs_is_not_overwritten() => Assert.That(
        () => ReferrersIndex.WithAllOf(ImageBuilder.Small().Manifest, ReferrersIndex.With(null, Referrer(1))!),
        Throws.TypeOf<RegistryException>().With.Property("Kind").EqualTo(RegistryFailure.Refused));

    private static RegistryManifest Referrer(int seed) => new ImageBuilder(seed).WithLayers(1, 10).BuildReferrer(ImageBuilder.Small().Manifest, "application/vnd.example").Manifest;
}

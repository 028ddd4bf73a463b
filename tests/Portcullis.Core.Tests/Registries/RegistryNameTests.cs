using Portcullis.Core.Registries;

namespace Portcullis.Core.Tests.Registries;

internal sealed class RegistryNameTests
{
    [TestCase("a", true)]
    [TestCase("admin/flask_build", true)]
    [TestCase("a.b/c__d/e---f", true)]
    [TestCase("a/b/c/d/e", true)]
    [TestCase("", false)]
    [TestCase("Admin/flask", false)]
    [TestCase("a//b", false)]
    [TestCase("/a", false)]
    [TestCase("a/", false)]
    [TestCase("a/..", false)]
    [TestCase("a..b", false)]
    [TestCase("a___b", false)]
    [TestCase("a._b", false)]
    [TestCase("-a", false)]
    [TestCase("a-", false)]
    [TestCase("a%2fb", false)]
    [TestCase("a b", false)]
    [TestCase("a:b", false)]
    [TestCase("ä/b", false)]
    public void Names_of_repositories_are_those_of_the_specification(string name, bool isLegal) => Assert.That(RepositoryName.IsLegal(name), Is.EqualTo(isLegal));

    [TestCase("latest", true)]
    [TestCase("_1.0-rc_2", true)]
    [TestCase("", false)]
    [TestCase(".a", false)]
    [TestCase("-a", false)]
    [TestCase("a/b", false)]
    [TestCase("a:b", false)]
    [TestCase("é", false)]
    public void Tags_are_those_of_the_specification(string tag, bool isLegal) => Assert.That(TagName.IsLegal(tag), Is.EqualTo(isLegal));

    [Test]
    public void A_tag_has_at_most_128_characters() =>
        Assert.That((TagName.IsLegal(new string('a', 128)), TagName.IsLegal(new string('a', 129))), Is.EqualTo((true, false)));

    [Test]
    public void A_list_of_referrers_is_recognized_by_its_tag()
    {
        var hash = new string('a', 64);
        Assert.That(TagName.IsReferrersFallback($"sha256-{hash}"));
        Assert.That(TagName.IsReferrersFallback($"sha256-{hash}.sig"));
        Assert.That(TagName.IsReferrersFallback($"sha256-{hash}x"), Is.False);
        Assert.That(TagName.IsReferrersFallback($"sha256-{hash[1..]}"), Is.False);
        Assert.That(TagName.IsReferrersFallback($"sha256-{hash[1..]}g"), Is.False);
        Assert.That(TagName.IsReferrersFallback($"sha512-{hash}"));
        Assert.That(TagName.IsReferrersList($"sha512-{hash}"));
        Assert.That(TagName.IsReferrersFallback($"sha384-{hash}"), Is.False);
        Assert.That(TagName.IsReferrersFallback($"sha256-{hash[1..]}A"), Is.False);
    }

    [Test]
    public void Digests_have_an_algorithm_and_lower_case_hex_of_its_length()
    {
        Assert.That(ImageDigest.IsLegal($"sha256:{new string('0', 64)}"));
        Assert.That(ImageDigest.IsLegal($"sha512:{new string('f', 128)}"));
        Assert.That(ImageDigest.IsLegal($"sha256:{new string('0', 63)}"), Is.False);
        Assert.That(ImageDigest.IsLegal($"sha256:{new string('A', 64)}"), Is.False);
        Assert.That(ImageDigest.IsLegal($"sha512:{new string('f', 64)}"), Is.False);
        Assert.That(ImageDigest.IsLegal($"md5:{new string('f', 32)}"), Is.False);
        Assert.That(ImageDigest.IsLegal(null), Is.False);
        Assert.That(ImageDigest.Of("abc"u8), Is.EqualTo("sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
        Assert.That(ImageDigest.Matches(ImageDigest.Of("abc"u8), "abd"u8), Is.False);
    }
}

using Portcullis.Core.Signing;

namespace Portcullis.Core.Tests.Signing;

/// <summary>Names of images are read as github.com/distribution/reference reads them (ParseNormalizedNamed, TagNameOnly).</summary>
internal sealed class ImageNameTests
{
    private const string Digest = "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

    [TestCase("nginx", "docker.io/library/nginx:latest")]
    [TestCase("nginx:1.27", "docker.io/library/nginx:1.27")]
    [TestCase("acme/app", "docker.io/acme/app:latest")]
    [TestCase("docker.io/nginx", "docker.io/library/nginx:latest")]
    [TestCase("index.docker.io/nginx", "docker.io/library/nginx:latest")]
    [TestCase("localhost/app", "localhost/app:latest")]
    [TestCase("dtr.example.com/acme/app:1", "dtr.example.com/acme/app:1")]
    [TestCase("dtr.example.com:443/acme/app:1", "dtr.example.com/acme/app:1")]
    [TestCase("DTR.Example.com/acme/app:1", "dtr.example.com/acme/app:1")]
    [TestCase("dtr:5000/app", "dtr:5000/app:latest")]
    [TestCase("[2001:db8::1]:5000/app:1", "[2001:db8::1]:5000/app:1")]
    [TestCase("dtr.example.com/acme/app@" + Digest, "dtr.example.com/acme/app@" + Digest)]
    [TestCase("dtr.example.com/acme/app:1@" + Digest, "dtr.example.com/acme/app:1@" + Digest)]
    [TestCase("Acme/app", "acme/app:latest")]
    [TestCase("dtr:65535/app", "dtr:65535/app:latest")]
    [TestCase("dtr:1/app", "dtr:1/app:latest")]
    [TestCase("d-t-r:5000/app", "d-t-r:5000/app:latest")]
    [TestCase("[2001:db8::1]/app", "[2001:db8::1]/app:latest")]
    [TestCase("sha256:latest", "docker.io/library/sha256:latest")]
    [TestCase("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "docker.io/library/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa:latest")]
    [TestCase("gaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "docker.io/library/gaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa:latest")]
    public void A_name_is_read_as_docker_reads_it(string text, string full) => Assert.That(ImageName.TryParse(text)?.ToString(), Is.EqualTo(full));

    [TestCase("")]
    [TestCase(":1")]
    [TestCase("Nginx")]
    [TestCase("dtr.example.com/Acme/app")]
    [TestCase("dtr.example.com/")]
    [TestCase("dtr.example.com//app")]
    [TestCase("dtr.example.com:/app")]
    [TestCase("dtr.example.com:99999/app")]
    [TestCase("dtr.example.com:65536/app")]
    [TestCase("dtr.example.com:123456/app")]
    [TestCase("dtr.example.com-/app")]
    [TestCase("dtr_example.com/app")]
    [TestCase("[2001:db8::g]:5000/app")]
    [TestCase("dtr..example.com/app")]
    [TestCase("-dtr.example.com/app")]
    [TestCase("dtr.example.com/app:")]
    [TestCase("dtr.example.com/app:1 ")]
    [TestCase("dtr.example.com/app@")]
    [TestCase("dtr.example.com/app@sha256:abc")]
    [TestCase("dtr.example.com/app@" + Digest + "@" + Digest)]
    [TestCase("https://dtr.example.com/app")]
    [TestCase("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    [TestCase("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa:latest")]
    [TestCase(Digest)]
    [TestCase("sha256:aaaaaaaa")]
    [TestCase("sha256:a")]
    [TestCase("dtr.example.com:0443/app")]
    [TestCase("dtr.example.com:0/app")]
    [TestCase("user:password@example.com/app")]
    [TestCase("${IMAGE}")]
    [TestCase(" app")]
    [TestCase("a\u0000b")]
    [TestCase("[::1/app")]
    [TestCase("[]/app")]
    public void What_is_no_name_of_an_image_is_none(string text) => Assert.That(ImageName.TryParse(text), Is.Null);

    [Test]
    public void A_digest_counts_before_a_tag()
    {
        var name = ImageName.TryParse("dtr.example.com/acme/app:1@" + Digest)!;
        Assert.That(name.Reference, Is.EqualTo(Digest));
    }

    [TestCase("app", "app@" + Digest)]
    [TestCase("dtr.example.com:443/app:1", "dtr.example.com:443/app:1@" + Digest)]
    [TestCase("app:1@sha256:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb", "app:1@" + Digest)]
    public void A_digest_is_put_after_what_was_written(string text, string pinned) => Assert.That(ImageName.Pinned(text, Digest), Is.EqualTo(pinned));

    [Test]
    public void A_name_of_more_than_255_characters_is_none() => Assert.That(ImageName.TryParse($"dtr.example.com/{new string('a', 240)}"), Is.Null);

    [Test]
    public void A_name_of_255_characters_is_one() => Assert.That(ImageName.TryParse($"dtr.example.com/{new string('a', 239)}:1"), Is.Not.Null);
}

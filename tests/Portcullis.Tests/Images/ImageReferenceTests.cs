using System.Text;
using Portcullis.Clients.Registry.Authorization;
using Portcullis.Images;

namespace Portcullis.Tests.Images;

internal sealed class ImageReferenceTests
{
    [TestCase("nginx", "registry-1.docker.io", "library/nginx", "latest")]
    [TestCase("docker.io/bitnami/redis:7", "registry-1.docker.io", "bitnami/redis", "7")]
    [TestCase("localhost/app", "localhost", "app", "latest")]
    [TestCase("registry.example.org:5000/a/b/c:1.0", "registry.example.org:5000", "a/b/c", "1.0")]
    [TestCase("example.org/app:1.0@sha256:0123456789012345678901234567890123456789012345678901234567890123", "example.org", "app", "sha256:0123456789012345678901234567890123456789012345678901234567890123")]
    public void A_name_is_read_as_Docker_reads_it(string text, string host, string repository, string reference) =>
        Assert.That(ImageReference.TryParse(text), Is.EqualTo(new ImageReference(host, repository, reference)));

    [TestCase("")]
    [TestCase("App")]
    [TestCase("a b")]
    [TestCase("example.org/")]
    [TestCase("app:")]
    [TestCase("example.org/app@sha256:abc")]
    public void What_is_no_name_is_none(string text) => Assert.That(ImageReference.TryParse(text), Is.Null);

    [Test]
    public void The_password_is_that_which_docker_login_keeps_for_the_host()
    {
        var auth = Convert.ToBase64String("ann:s3:cret"u8);
        var config = Encoding.UTF8.GetBytes($$$"""{"auths":{"registry.example.org:5000":{"auth":"{{{auth}}}"},"empty":{}},"credsStore":"x"}""");
        Assert.That(DockerCredentials.Read(config, "registry.example.org:5000"), Is.EqualTo(new RegistryCredential.Basic("ann", "s3:cret")));
        Assert.That(DockerCredentials.Read(config, "empty"), Is.Null);
        Assert.That(DockerCredentials.Read(config, "registry.example.org"), Is.Null);
        Assert.That(DockerCredentials.Read("[1"u8.ToArray(), "x"), Is.Null);
    }
}

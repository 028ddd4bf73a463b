using System.Security.Cryptography;
using Portcullis.Core.Organizations;

namespace Portcullis.Core.Tests.Organizations;

internal sealed class PublicKeyTextTests
{
    private const string Ed25519 = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJDTE+wyALVsEd38U8M0zWGXT10g0J+x/RZVi9qg9dWO ann@laptop";

    [Test]
    public void Keys_of_the_usual_kinds_are_accepted()
    {
        using var rsa = RSA.Create(2048);
        using var curve = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Assert.That(PublicKeyText.Problem(Ed25519), Is.Null);
        Assert.That(PublicKeyText.Problem(rsa.ExportSubjectPublicKeyInfoPem()), Is.Null);
        Assert.That(PublicKeyText.Problem(curve.ExportSubjectPublicKeyInfoPem()), Is.Null);
        Assert.That(PublicKeyText.Problem("-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n-----END PUBLIC KEY-----\n"), Is.Null);
    }

    [Test]
    public void A_private_key_is_named_as_what_it_is()
    {
        using var rsa = RSA.Create(2048);
        Assert.That(PublicKeyText.Problem(rsa.ExportPkcs8PrivateKeyPem()), Does.Contain("private key"));
        Assert.That(PublicKeyText.Problem("-----BEGIN OPENSSH PRIVATE KEY-----\nabc\n-----END OPENSSH PRIVATE KEY-----"), Does.Contain("private key"));
    }

    [TestCase("")]
    [TestCase("hello")]
    [TestCase("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJDTE+wyALVsEd38U8M0zWGXT10g0J+x")]
    [TestCase("ssh-rsa AAAAC3NzaC1lZDI1NTE5AAAAIJDTE+wyALVsEd38U8M0zWGXT10g0J+x/RZVi9qg9dWO")]
    [TestCase("-----BEGIN PUBLIC KEY-----\nMCowBQYDK2Vw\n-----END PUBLIC KEY-----")]
    public void What_is_no_key_is_refused(string text) => Assert.That(PublicKeyText.Problem(text), Is.Not.Null);

    [Test]
    public void A_short_rsa_key_is_refused()
    {
        using var rsa = RSA.Create(1024);
        Assert.That(PublicKeyText.Problem(rsa.ExportSubjectPublicKeyInfoPem()), Does.Contain("1024"));
    }
}

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

    [Test]
    public void A_certificate_is_as_good_as_its_key()
    {
        Assert.That(PublicKeyText.Problem(Certificate(2048)), Is.Null);
        Assert.That(PublicKeyText.Problem(Certificate(1024)), Is.EqualTo("an RSA key of 1024 bits is too short: at least 2048"));

        static string Certificate(int bits)
        {
            using var rsa = RSA.Create(bits);
            var request = new System.Security.Cryptography.X509Certificates.CertificateRequest("CN=ann", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
            using var certificate = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddDays(1));
            return certificate.ExportCertificatePem();
        }
    }

    [Test]
    public void A_PEM_block_stands_alone()
    {
        using var rsa = RSA.Create(2048);
        Assert.That(PublicKeyText.Problem(rsa.ExportSubjectPublicKeyInfoPem() + "\nx"), Is.EqualTo("there must be one PEM block and nothing else"));
    }

    [Test]
    public void A_key_that_was_cut_is_incomplete()
    {
        var whole = Line("ssh-rsa", Bytes(3), Bytes(256)).Split(' ');
        var cut = Convert.ToBase64String(Convert.FromBase64String(whole[1])[..^1]);
        Assert.That(PublicKeyText.Problem(string.Join(' ', whole)), Is.Null);
        Assert.That(PublicKeyText.Problem($"{whole[0]} {cut}"), Is.EqualTo("the key is incomplete"));
    }

    /// <summary>Fields of an OpenSSH blob, each with its length before it.</summary>
    private static string Line(string type, params byte[][] fields)
    {
        var blob = new List<byte>();
        foreach (var field in fields.Prepend(System.Text.Encoding.ASCII.GetBytes(type)))
        {
            blob.AddRange([(byte)(field.Length >> 24), (byte)(field.Length >> 16), (byte)(field.Length >> 8), (byte)field.Length]);
            blob.AddRange(field);
        }

        return $"{type} {Convert.ToBase64String([.. blob])}";
    }

    private static byte[] Bytes(int count) => [.. Enumerable.Repeat((byte)0xA5, count)];

    [Test]
    public void An_OpenSSH_line_is_read_to_its_end()
    {
        Assert.That(PublicKeyText.Problem(Line("ecdsa-sha2-nistp256", Bytes(8), Bytes(65))), Is.Null);
        Assert.That(PublicKeyText.Problem("  " + Ed25519 + " \n"), Is.Null);
        Assert.That(PublicKeyText.Problem(Line("ssh-ed25519", Bytes(32))), Is.Null);
        Assert.That(PublicKeyText.Problem(Line("ssh-ed25519", Bytes(31))), Is.EqualTo("the key is incomplete"));
        Assert.That(PublicKeyText.Problem(Line("ssh-ed25519", Bytes(32), Bytes(1))), Is.EqualTo("the key is incomplete"));
        Assert.That(PublicKeyText.Problem(Line("ssh-ed25519")), Is.EqualTo("the key is incomplete"));
        Assert.That(PublicKeyText.Problem(Line("ssh-rsa", [1, 0, 1], [0, .. Bytes(256)])), Is.Null);
        Assert.That(PublicKeyText.Problem(Line("ssh-rsa", [1, 0, 1], [0, .. Bytes(255)])), Is.EqualTo("an RSA key of 2040 bits is too short: at least 2048"));
        Assert.That(PublicKeyText.Problem(Line("ssh-rsa", [1, 0, 1])), Is.EqualTo("the key is incomplete"));
        Assert.That(PublicKeyText.Problem(Line("ssh-rsa")), Is.EqualTo("the key is incomplete"));
        Assert.That(PublicKeyText.Problem(Line("ecdsa-sha2-nistp256", Bytes(8))), Is.EqualTo("the key is incomplete"));
        Assert.That(PublicKeyText.Problem(Line("ecdsa-sha2-nistp256")), Is.EqualTo("the key is incomplete"));
        Assert.That(PublicKeyText.Problem("ssh-ed25519 " + Convert.ToBase64String([0, 0, 1])), Does.StartWith("the key is of another type than ssh-ed25519"));
        Assert.That(PublicKeyText.Problem("ssh-ed25519 " + Convert.ToBase64String([0, 0, 0, 9, 1, 2])), Does.StartWith("the key is of another type than ssh-ed25519"));
        Assert.That(PublicKeyText.Problem(Ed25519.Replace("ssh-ed25519 ", "ssh-rsa ", StringComparison.Ordinal)), Does.StartWith("the key is of another type than ssh-rsa"));
        Assert.That(PublicKeyText.Problem("ssh-ed25519 !!!!"), Is.EqualTo("the key is not base64: is it complete?"));
        Assert.That(PublicKeyText.Problem("ssh-ed25519"), Does.StartWith("not a public key"));
        Assert.That(PublicKeyText.Problem("ssh-dss AAAA"), Does.StartWith("not a public key"));
        Assert.That(PublicKeyText.Problem(Ed25519 + "\n" + Ed25519), Does.StartWith("not a public key"));
    }

    [Test]
    public void A_PEM_block_is_read_to_its_end()
    {
        using var rsa = RSA.Create(2048);
        using var curve = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new System.Security.Cryptography.X509Certificates.CertificateRequest("CN=ann", curve, HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(1));
        var pem = rsa.ExportSubjectPublicKeyInfoPem();
        Assert.That(PublicKeyText.Problem(certificate.ExportCertificatePem()), Is.Null);
        Assert.That(PublicKeyText.Problem("\n " + pem + " \n"), Is.Null);
        Assert.That(PublicKeyText.Problem(pem + "\nand more"), Is.EqualTo("there must be one PEM block and nothing else"));
        Assert.That(PublicKeyText.Problem("-----BEGIN with\n" + pem), Is.EqualTo("there must be one PEM block and nothing else"));
        Assert.That(PublicKeyText.Problem("-----BEGIN PUBLIC KEY-----\nAAAA"), Is.EqualTo("this PEM block is damaged"));
        Assert.That(PublicKeyText.Problem("-----BEGIN PUBLIC KEY-----\nMCow\n-----END PUBLIC KEY-----"), Is.EqualTo("this public key cannot be read"));
        Assert.That(PublicKeyText.Problem("-----BEGIN CERTIFICATE-----\nMCow\n-----END CERTIFICATE-----"), Is.EqualTo("this certificate cannot be read"));
        Assert.That(PublicKeyText.Problem(pem.Replace("PUBLIC KEY", "X509 CRL", StringComparison.Ordinal)), Is.EqualTo("a PEM block 'X509 CRL' is not supported: use PUBLIC KEY or CERTIFICATE"));
        Assert.That(PublicKeyText.Problem(Spki("1.3.101.112", 32)), Is.Null);
        Assert.That(PublicKeyText.Problem(Spki("1.3.101.112", 33)), Is.EqualTo("an Ed25519 key has 32 bytes"));
        Assert.That(PublicKeyText.Problem(Spki("1.3.101.113", 57)), Is.EqualTo("keys of algorithm 1.3.101.113 are not supported: use RSA, ECDSA or Ed25519"));
        Assert.That(PublicKeyText.Problem(Spki("1.2.840.10045.2.1", 3)), Is.EqualTo("this public key cannot be read"));
    }

    [TestCase(16384, false)]
    [TestCase(16385, true)]
    public void A_text_longer_than_any_key_is_not_read(int length, bool tooLong) =>
        Assert.That(PublicKeyText.Problem(new string('x', length)) == "longer than any public key", Is.EqualTo(tooLong));

    private static string Spki(string algorithm, int keyBytes)
    {
        var writer = new System.Formats.Asn1.AsnWriter(System.Formats.Asn1.AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            using (writer.PushSequence())
            {
                writer.WriteObjectIdentifier(algorithm);
            }

            writer.WriteBitString(Bytes(keyBytes));
        }

        return PemEncoding.WriteString("PUBLIC KEY", writer.Encode());
    }
}

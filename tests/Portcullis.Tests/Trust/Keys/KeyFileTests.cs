using System.Security.Cryptography;
using System.Text;
using Portcullis.Trust.Keys;

namespace Portcullis.Tests.Trust.Keys;

/// <summary>Private keys in the forms in which people have them, and what is said of those that cannot be used.</summary>
[TestFixture]
internal sealed class KeyFileTests
{
    private const string Passphrase = "correct horse";
    private static readonly PbeParameters Encryption = new(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000);
    private static readonly byte[] Content = Encoding.UTF8.GetBytes("what is signed");

    /// <summary>RFC 8410, section 10.3: the first example.</summary>
    private const string Ed25519Pem = """
        -----BEGIN PRIVATE KEY-----
        MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC
        -----END PRIVATE KEY-----
        """;

    private static IEnumerable<ECCurve> Curves => [ECCurve.NamedCurves.nistP256, ECCurve.NamedCurves.nistP384, ECCurve.NamedCurves.nistP521];

    [TestCaseSource(nameof(Curves))]
    public void Ec_keys_are_read_in_each_form_and_sign(ECCurve curve)
    {
        using var original = ECDsa.Create(curve);
        foreach (var text in (string[])[original.ExportPkcs8PrivateKeyPem(), original.ExportECPrivateKeyPem(), original.ExportEncryptedPkcs8PrivateKeyPem(Passphrase, Encryption)])
        {
            using var key = Opened(text);
            Assert.That(original.VerifyData(Content, key.Sign(Content), HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation));
            Assert.That(key.Method, Is.EqualTo("ecdsa"));
        }
    }

    [Test]
    public void Rsa_keys_are_read_in_each_form_and_sign()
    {
        using var original = RSA.Create(2048);
        foreach (var text in (string[])[original.ExportPkcs8PrivateKeyPem(), original.ExportRSAPrivateKeyPem(), original.ExportEncryptedPkcs8PrivateKeyPem(Passphrase, Encryption)])
        {
            using var key = Opened(text);
            Assert.That(original.VerifyData(Content, key.Sign(Content), HashAlgorithmName.SHA256, RSASignaturePadding.Pss));
            Assert.That(key.Method, Is.EqualTo("rsapss"));
        }
    }

    [Test]
    public void Ed25519_keys_are_read()
    {
        using var key = Opened(Ed25519Pem);
        Assert.That(Convert.ToHexStringLower(key.PublicKey.Public), Is.EqualTo("19bf44096984cdfe8541bac167dc3b96c85086aa30b6b6cb0c5c38ad703166e1"));
        Assert.That(key.Sign(Content), Has.Length.EqualTo(64));
    }

    [Test]
    public void What_is_written_is_read_again_with_its_role_and_its_name()
    {
        using var rsa = TrustSigningKey.Of(RSA.Create(2048));
        using var ec = TrustSigningKey.Create();
        using var ed25519 = Opened(Ed25519Pem);
        foreach (var key in (TrustSigningKey[])[rsa, ec, ed25519])
        {
            var text = NotaryKeyFile.Write(key, Passphrase, "targets", "registry.example/a/b");
            var read = (KeyFile.Opened)NotaryKeyFile.Read(text, Passphrase);
            using var again = read.Key;
            Assert.That((read.Role, read.Gun, again.PublicKey.CanonicalId), Is.EqualTo(("targets", "registry.example/a/b", key.PublicKey.CanonicalId)));
            Assert.That(((KeyFile.Opened)NotaryKeyFile.Read(NotaryKeyFile.Write(key, Passphrase, "root", null), Passphrase)).Gun, Is.Null);
        }
    }

    [Test]
    public void Line_ends_of_other_systems_and_text_around_the_key_do_not_matter()
    {
        using var original = TrustSigningKey.Create();
        var text = "a comment: of somebody\n" + NotaryKeyFile.Write(original, Passphrase, "root", null).Replace("\n", "\r\n", StringComparison.Ordinal) + "\n\n";
        using var key = Opened(text);
        Assert.That(key.PublicKey.CanonicalId, Is.EqualTo(original.PublicKey.CanonicalId));
    }

    [Test]
    public void A_passphrase_is_not_looked_at_when_the_key_is_not_encrypted()
    {
        using var original = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Assert.That(NotaryKeyFile.Read(original.ExportPkcs8PrivateKeyPem(), null), Is.InstanceOf<KeyFile.Opened>());
    }

    [Test]
    public void A_key_that_cannot_be_decrypted_says_why()
    {
        using var key = TrustSigningKey.Create();
        var text = NotaryKeyFile.Write(key, Passphrase, "root", null);
        foreach (var missing in (string?[])[null, ""])
        {
            Assert.That(ProblemOf(text, missing), Does.Contain("there is no passphrase"));
        }

        using var original = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var fast = original.ExportEncryptedPkcs8PrivateKeyPem(Passphrase, Encryption);
        for (var i = 0; i < 300; i++)
        {
            // One wrong passphrase in 256 gives what looks like padding: it is no key all the same.
            Assert.That(ProblemOf(fast, $"wrong {i}"), Does.Contain("the passphrase is not the right one"));
        }
    }

    [TestCase("", "no private key in PEM")]
    [TestCase("-----BEGIN PRIVATE KEY-----\nMC4C\n", "no private key in PEM")]
    [TestCase("-----BEGIN PRIVATE KEY-----\n!!!!\n-----END PRIVATE KEY-----", "no private key in PEM")]
    [TestCase("-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQ==\n-----END PRIVATE KEY-----", "damaged")]
    [TestCase("-----BEGIN EC PRIVATE KEY-----\nAAAA\n-----END EC PRIVATE KEY-----", "damaged")]
    [TestCase("-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----", "damaged")]
    [TestCase("-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----", "cannot be decrypted")]
    [TestCase("-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00\n\nAAAA\n-----END RSA PRIVATE KEY-----", "the old way of OpenSSL (Proc-Type): convert it")]
    [TestCase("-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----", "ssh-keygen -p -m PKCS8")]
    [TestCase("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----", "no private key in PEM")]
    [TestCase("-----BEGIN PRIVATE KEY-----\nMC0CAQAwBQYDK2VwBCEEHtTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdQ==\n-----END PRIVATE KEY-----", "")]
    public void What_is_no_key_says_so(string text, string expected) => Assert.That(ProblemOf(text, Passphrase), Does.Contain(expected));

    [TestCase(PbeEncryptionAlgorithm.Aes128Cbc, "SHA1")]
    [TestCase(PbeEncryptionAlgorithm.Aes192Cbc, "SHA384")]
    [TestCase(PbeEncryptionAlgorithm.Aes256Cbc, "SHA512")]
    public void Each_usual_encryption_is_read(PbeEncryptionAlgorithm cipher, string hash)
    {
        using var original = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var key = Opened(original.ExportEncryptedPkcs8PrivateKeyPem(Passphrase, new PbeParameters(cipher, new HashAlgorithmName(hash), 1000)));
        Assert.That(key.PublicKey.Public, Is.EqualTo(original.ExportSubjectPublicKeyInfo()));
    }

    [Test]
    public void An_encryption_of_the_past_and_one_that_would_take_for_ever_say_what_to_do()
    {
        using var original = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Assert.That(ProblemOf(original.ExportEncryptedPkcs8PrivateKeyPem(Passphrase, new PbeParameters(PbeEncryptionAlgorithm.TripleDes3KeyPkcs12, HashAlgorithmName.SHA1, 1000)), Passphrase), Does.Contain("convert it"));
        Assert.That(ProblemOf(Endless, Passphrase), Does.Contain("hashed more than 10000000 times"));
    }

    [Test]
    public void Two_keys_in_one_file_and_a_file_without_end_are_not_read()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var text = key.ExportPkcs8PrivateKeyPem();
        Assert.That(ProblemOf(text + "\n" + text, null), Does.Contain("several private keys"));
        Assert.That(ProblemOf(new string('x', 100_000), null), Does.Contain("are no private key"));
    }

    [Test]
    public void Keys_that_are_too_short_or_of_another_curve_or_algorithm_are_not_used()
    {
        using var rsa = RSA.Create(1024);
        using var curve = ECDsa.Create(ECCurve.CreateFromFriendlyName("secp256k1"));
        using var exchange = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
        Assert.That(ProblemOf(rsa.ExportPkcs8PrivateKeyPem(), null), Does.Contain("1024 bits: 2048"));
        Assert.That(ProblemOf(curve.ExportPkcs8PrivateKeyPem(), null), Does.Contain("secp256k1").IgnoreCase);
        Assert.That(ProblemOf(X25519Pem, null), Does.Contain("1.3.101.110"));
        using var named = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var unknown = Convert.FromHexString(Convert.ToHexString(named.ExportPkcs8PrivateKey()).Replace("2A8648CE3D030107", "2A8648CE3D03017F", StringComparison.Ordinal));
        Assert.That(ProblemOf(PemEncoding.WriteString("PRIVATE KEY", unknown), null), Is.EqualTo("the private key is of an unknown curve: P-256, P-384 and P-521 are used"));
    }

    /// <summary>The key of RFC 8410 with the algorithm of key agreement.</summary>
    private const string X25519Pem = """
        -----BEGIN PRIVATE KEY-----
        MC4CAQAwBQYDK2VuBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC
        -----END PRIVATE KEY-----
        """;

    /// <summary>Made with <c>openssl pkcs8 -topk8 -iter 16777216</c>.</summary>
    private const string Endless = """
        -----BEGIN ENCRYPTED PRIVATE KEY-----
        MIHuMFkGCSqGSIb3DQEFDTBMMCsGCSqGSIb3DQEFDDAeBAj/hT50C8WOJAIEAQAA
        ADAMBggqhkiG9w0CCQUAMB0GCWCGSAFlAwQBKgQQ3oR5A9DqDjzpFftOrgtEKASB
        kK88DOvGu6kE17S5yZFRfxdmjpikyhj8RyP/NyYzQdq7559ypVeEZD9Ziue87zuF
        seuwhW0Suj+Lk92/qEWYKnqqV4vMHFQf9OJOI9zBUMyDKN4N3aPznGJODgYejTuV
        o04lKE7/yUOFwDkWjfERg3uo395SR9D7VgV7zYfHWrfAb5rX3tqPysqz6dwgGXfI
        Kw==
        -----END ENCRYPTED PRIVATE KEY-----
        """;

    [Test]
    public void Nothing_that_is_shown_of_a_key_tells_the_secret()
    {
        using var key = TrustSigningKey.Create();
        Assert.That(key.ToString(), Is.EqualTo($"ecdsa key {key.PublicKey.CanonicalId}"));
    }

    private static TrustSigningKey Opened(string text) => NotaryKeyFile.Read(text, Passphrase) switch
    {
        KeyFile.Opened opened => opened.Key,
        var other => throw new AssertionException(other.ToString()),
    };

    private static string ProblemOf(string text, string? passphrase) => NotaryKeyFile.Read(text, passphrase) is KeyFile.Unusable unusable ? unusable.Message : throw new AssertionException("it was read");
}

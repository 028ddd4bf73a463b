using System.Security.Cryptography;
using System.Text;
using Portcullis.Core.Trust;
using Portcullis.Core.Trust.Tuf;
using Portcullis.Testing.Trust;

namespace Portcullis.Core.Tests.Trust.Tuf;

[TestFixture]
internal sealed class TufKeyTests
{
    private static readonly DateTimeOffset Now = new(2026, 12, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly byte[] Message = "message"u8.ToArray();

    private static IEnumerable<TestCaseData> Kinds()
    {
        yield return new TestCaseData(MadeKey.Ecdsa()).SetArgDisplayNames("P-256");
        yield return new TestCaseData(MadeKey.Ecdsa(ECCurve.NamedCurves.nistP384)).SetArgDisplayNames("P-384");
        yield return new TestCaseData(MadeKey.Ecdsa(ECCurve.NamedCurves.nistP521)).SetArgDisplayNames("P-521");
        yield return new TestCaseData(MadeKey.Certificate("ann", Now)).SetArgDisplayNames("certificate of ECDSA");
        yield return new TestCaseData(MadeKey.Rsa()).SetArgDisplayNames("RSA-PSS");
        yield return new TestCaseData(MadeKey.Rsa(3072, RSASignaturePadding.Pkcs1)).SetArgDisplayNames("RSA PKCS 1");
        yield return new TestCaseData(MadeKey.RsaCertificate("ann", Now)).SetArgDisplayNames("certificate of RSA");
        yield return new TestCaseData(MadeKey.Ed25519()).SetArgDisplayNames("Ed25519");
    }

    [TestCaseSource(nameof(Kinds))]
    public void A_signature_is_its_keys_and_no_others(MadeKey key)
    {
        var good = key.Sign(Message).Value;
        Assert.That(Verifies(key.Public, key.Method, good, Message), Is.True);
        Assert.That(Verifies(key.Public, key.Method, good, "messagf"u8.ToArray()), Is.False);
        foreach (var method in new[] { "ecdsa", "rsapss", "rsapkcs1v15", "eddsa", "ECDSA", "", "none" }.Where(m => m != key.Method))
        {
            Assert.That(Verifies(key.Public, method, good, Message), Is.False, method);
        }

        for (var bit = 0; bit < good.Length * 8; bit += 5)
        {
            byte[] bad = [.. good];
            bad[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.That(Verifies(key.Public, key.Method, bad, Message), Is.False);
        }

        foreach (var other in new byte[][] { [], good[1..], [.. good, 0], [0, .. good], new byte[good.Length] })
        {
            Assert.That(Verifies(key.Public, key.Method, other, Message), Is.False);
        }
    }

    /// <summary>Of the metadata of a Notary server: {"keytype":"ed25519","keyval":{"private":null,"public":"KDc/…"}}.</summary>
    [Test]
    public void An_id_is_that_of_the_canonical_form_of_the_key()
    {
        var key = new TufKey("ed25519", Convert.FromBase64String("KDc/FXUiCzcHVaZr1cjh94gyPoxJkxfp4453lyYmoX8="));
        Assert.That((key.Id, key.CanonicalId), Is.EqualTo(("8573b5479e4e9bd23cb6f06b8982f89148ecc45365fdb984130806eb252f652d", key.Id)));
    }

    [Test]
    public void Keys_of_one_pair_have_one_canonical_id_however_they_are_written()
    {
        using var pair = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var plain = new TufKey(TufKey.Ecdsa, pair.ExportSubjectPublicKeyInfo());
        var request = new System.Security.Cryptography.X509Certificates.CertificateRequest("CN=ann", pair, HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(Now, Now.AddDays(1));
        var listed = Read(certificate.ExportCertificatePem());
        Assert.That((listed.Type, listed.CanonicalId, listed.Id == plain.Id), Is.EqualTo((TufKey.EcdsaX509, plain.Id, false)));
        Assert.That(Read(pair.ExportSubjectPublicKeyInfoPem()), Is.EqualTo(plain));
        Assert.That(Read(Ssh(pair)), Is.EqualTo(plain));
    }

    /// <summary>The compressed point of a key is another way of writing it.</summary>
    [Test]
    public void A_key_in_another_encoding_is_the_same_signer()
    {
        using var pair = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var full = pair.ExportSubjectPublicKeyInfo();
        byte[] compressed = [0x30, 0x39, .. full[2..24], 0x22, 0x00, (byte)(2 + (full[^1] & 1)), .. full[27..59]];
        compressed[24] = 0x22;
        var other = new TufKey(TufKey.Ecdsa, compressed);
        Assert.That(other.Id, Is.Not.EqualTo(new TufKey(TufKey.Ecdsa, full).Id));
        Assert.That(other.CanonicalId, Is.AnyOf(new TufKey(TufKey.Ecdsa, full).CanonicalId, other.Id));
        Assert.That(other.CanonicalId == other.Id && VerificationKey.Of(other).IsUsable, Is.False, "usable under an id of its own");
    }

    [Test]
    public void Keys_that_are_weak_or_of_another_kind_verify_nothing()
    {
        using var secp256k1 = ECDsa.Create(ECCurve.CreateFromValue("1.3.132.0.10"));
        using var explicitCurve = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var good = MadeKey.Ecdsa().Public;
        foreach (var key in new[]
        {
            MadeKey.Rsa(1024).Public, new TufKey(TufKey.Ecdsa, secp256k1.ExportSubjectPublicKeyInfo()), new TufKey(TufKey.Ed25519, new byte[31]),
            new TufKey(TufKey.Ecdsa, []), new TufKey("pgp", good.Public), new TufKey(TufKey.Rsa, good.Public), new TufKey(TufKey.EcdsaX509, good.Public),
            new TufKey(TufKey.RsaX509, MadeKey.Certificate("ann", Now).Public.Public), new TufKey(TufKey.EcdsaX509, MadeKey.RsaCertificate("ann", Now).Public.Public),
            new TufKey(TufKey.Ecdsa, [.. good.Public, 0]), new TufKey(TufKey.RsaX509, MadeKey.RsaCertificate("ann", Now, 1024).Public.Public),
            new TufKey(TufKey.EcdsaX509, "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"u8.ToArray()),
        })
        {
            Assert.That(VerificationKey.Of(key).IsUsable, Is.False, key.ToString());
            Assert.That(key.CanonicalId, Has.Length.EqualTo(64));
        }
    }

    /// <summary>Found by chance: the framework answers such a curve with another exception than all else.</summary>
    [Test]
    public void A_curve_that_nobody_knows_is_refused_wherever_it_comes_from()
    {
        var unknown = Replaced(MadeKey.Ecdsa().Public.Public);
        Assert.That(VerificationKey.Of(new TufKey(TufKey.Ecdsa, unknown)).IsUsable, Is.False);
        Assert.That(TufKeyText.Read(PemEncoding.WriteString("PUBLIC KEY", unknown)).Problem, Is.EqualTo("this public key cannot be read"));
        var pem = Encoding.ASCII.GetString(MadeKey.Certificate("ann", Now).Public.Public);
        var certificate = PemEncoding.WriteString("CERTIFICATE", Replaced(Convert.FromBase64String(pem[PemEncoding.Find(pem).Base64Data])));
        Assert.That(VerificationKey.Of(new TufKey(TufKey.EcdsaX509, Encoding.ASCII.GetBytes(certificate))).IsUsable, Is.False);
        Assert.That(TufKeyText.Read(certificate).Problem, Is.EqualTo("this public key cannot be read"));
    }

    /// <summary>A binary curve given by its numbers (c2pnb176v1): the framework's reader breaks with an exception that says nothing of keys.</summary>
    [Test]
    public void A_curve_whose_numbers_cannot_be_taken_apart_is_refused_like_any_other()
    {
        var key = new TufKey(TufKey.Ecdsa, Convert.FromBase64String(
            "MIHmMIGzBgcqhkjOPQIBMIGnAgEBMCUGByqGSM49AQIwGgICALAGCSqGSM49AQIDAzAJAgEBAgECAgErMDAEFuTm2ymVBlxAfZ05uNCWe5ZwS6jpyQsEFl3aRwq+ZBTejsEzrijpu9f87Arg//IELQSNFsKGZ5i2APnwi7So6GDzKYzg"
            + "SleYb6RTnC2t3da6tRZ9YbQ24dkrsWpWLAIVAQCSU3OX7KT2FFeZ1isKGc4G/iatAgMA/24DLgAEfJNXZllxnNqd5nGNknZ2vCrf4LAX+fD30+ZVKG/+ctFQDdrDBI/yHUAMdT0="));
        Assert.That(VerificationKey.Of(key).IsUsable, Is.False);
        Assert.That(key.CanonicalId, Is.EqualTo(key.Id));
    }

    [Test]
    public void A_certificate_of_any_age_is_judged() =>
        Assert.That(new TufCertificate("ann", DateTimeOffset.MinValue, DateTimeOffset.MaxValue, TufKey.Ecdsa, []).ProblemAt(Now), Is.Null);

    [Test]
    public void A_certificate_is_valid_from_a_day_before_it_begins_until_it_ends()
    {
        var certificate = new TufCertificate("ann", Now, Now.AddDays(10), TufKey.Ecdsa, []);
        Assert.That(certificate.ProblemAt(Now.AddDays(-1)), Is.Null);
        Assert.That(certificate.ProblemAt(Now.AddDays(-1).AddSeconds(-1)), Is.EqualTo("its certificate is not valid before 2026-12-01"));
        Assert.That(certificate.ProblemAt(Now.AddDays(10)), Is.Null);
        Assert.That(certificate.ProblemAt(Now.AddDays(10).AddSeconds(1)), Is.EqualTo("its certificate expired on 2026-12-11"));
        Assert.That((certificate with { NotAfter = Now.AddDays(-5) }).ProblemAt(Now), Is.EqualTo("its certificate ends before it begins"));
    }

    [Test]
    public void Of_two_common_names_neither_counts()
    {
        using var pair = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        foreach (var (subject, name) in new[] { ("CN=a,CN=b", ""), ("O=a", ""), ("CN=a,O=b", "a") })
        {
            using var certificate = new System.Security.Cryptography.X509Certificates.CertificateRequest(subject, pair, HashAlgorithmName.SHA256).CreateSelfSigned(Now, Now.AddDays(1));
            Assert.That(Read(certificate.ExportCertificatePem()).Certificate!.CommonName, Is.EqualTo(name), subject);
        }
    }

    [TestCase("")]
    [TestCase("ssh-ed25519 AAAA")]
    [TestCase("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----")]
    [TestCase("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----")]
    public void What_is_no_public_key_says_so(string text)
    {
        var (key, problem) = TufKeyText.Read(text);
        Assert.That((key, string.IsNullOrEmpty(problem)), Is.EqualTo(((TufKey?)null, false)));
    }

    [Test]
    public void Lines_of_OpenSSH_are_read_for_each_kind_that_can_sign()
    {
        var point = MadeKey.Ed25519().Public.Public;
        Assert.That(Read($"ssh-ed25519 {Blob("ssh-ed25519"u8.ToArray(), point)} ann@laptop").Public, Is.EqualTo(point));
        using var rsa = RSA.Create(2048);
        var numbers = rsa.ExportParameters(false);
        Assert.That(Read($"ssh-rsa {Blob("ssh-rsa"u8.ToArray(), numbers.Exponent!, [0, .. numbers.Modulus!])}").Id, Is.EqualTo(new TufKey(TufKey.Rsa, rsa.ExportSubjectPublicKeyInfo()).Id));
        foreach (var curve in new[] { ECCurve.NamedCurves.nistP384, ECCurve.NamedCurves.nistP521 })
        {
            using var pair = ECDsa.Create(curve);
            Assert.That(Read(Ssh(pair)).Id, Is.EqualTo(new TufKey(TufKey.Ecdsa, pair.ExportSubjectPublicKeyInfo()).Id));
        }

        Assert.That(TufKeyText.Read($"sk-ssh-ed25519@openssh.com {Blob("sk-ssh-ed25519@openssh.com"u8.ToArray(), point, "ssh:"u8.ToArray())}").Problem, Does.Contain("cannot sign trust data"));
    }

    [Test]
    public void Keys_that_were_not_used_for_long_are_let_go()
    {
        var keys = new VerificationKeys(capacity: 10);
        var often = MadeKey.Ed25519().Public;
        for (var i = 0; i < 50; i++)
        {
            var first = keys.Get(often);
            keys.Get(MadeKey.Ed25519().Public);
            Assert.That(keys.Get(often), Is.SameAs(first));
        }

        Assert.That(keys.Count, Is.LessThanOrEqualTo(10));
    }

    [TestCase("1.2.840.10045.3.1.7")]
    [TestCase("1.3.132.0.34")]
    [TestCase("1.3.132.0.35")]
    public void The_usual_form_of_a_key_is_the_one_that_the_framework_writes_and_a_point_off_the_curve_is_none(string curve)
    {
        using var pair = ECDsa.Create(ECCurve.CreateFromValue(curve));
        var written = pair.ExportSubjectPublicKeyInfo();
        Assert.That(PlainKeys.Normalized(TufKey.Ecdsa, written), Is.SameAs(written), "not read for it");
        byte[] off = [.. written[..^1], (byte)(written[^1] ^ 1)];
        Assert.That(VerificationKey.Of(new TufKey(TufKey.Ecdsa, off)).IsUsable, Is.False);
        Assert.That(TufKeyText.Read(PemEncoding.WriteString("PUBLIC KEY", off)).Problem, Is.EqualTo("this public key cannot be read"));
    }

    [Test]
    public void A_certificate_whose_key_is_off_its_curve_is_refused()
    {
        var pem = Encoding.ASCII.GetString(MadeKey.Certificate("ann", Now).Public.Public);
        var der = Convert.FromBase64String(pem[PemEncoding.Find(pem).Base64Data]);
        byte[] beginning = [0x03, 0x42, 0x00, 0x04];
        der[der.AsSpan().IndexOf(beginning) + beginning.Length + 63] ^= 1;
        Assert.That(TufKeyText.Read(PemEncoding.WriteString("CERTIFICATE", der)).Problem, Is.EqualTo("this public key cannot be read"));
    }

    [Test]
    public void A_text_that_was_read_is_not_read_again_from_another_object()
    {
        var text = Encoding.ASCII.GetString(MadeKey.Certificate("ann", Now).Public.Public);
        var first = TrustKeyText.Read(text, null).Key;
        Assert.That(first, Is.Not.Null);
        Assert.That(TrustKeyText.Read(new string(text), null).Key, Is.SameAs(first));
        Assert.That(TrustKeyText.Read(new string(text), Now.AddYears(100)).Problem, Does.StartWith("its certificate expired on"), "the end is looked at each time");
    }

    private static TufKey Read(string text)
    {
        var (key, problem) = TufKeyText.Read(text);
        Assert.That(problem, Is.Null);
        return key!;
    }

    /// <summary>With another object identifier in the place of P-256's (1.2.840.10045.3.1.7).</summary>
    private static byte[] Replaced(byte[] der)
    {
        byte[] name = [0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07];
        byte[] changed = [.. der];
        changed[der.AsSpan().IndexOf(name) + 7] = 0x55;
        return changed;
    }

    private static bool Verifies(TufKey key, string method, byte[] signature, byte[] message) => VerificationKey.Of(key).Verifies(method, signature, message, SHA256.HashData(message));

    private static string Ssh(ECDsa pair)
    {
        var numbers = pair.ExportParameters(false);
        var bits = FormattableString.Invariant($"nistp{pair.KeySize}");
        var type = $"ecdsa-sha2-{bits}";
        return $"{type} {Blob(Encoding.ASCII.GetBytes(type), Encoding.ASCII.GetBytes(bits), [4, .. numbers.Q.X!, .. numbers.Q.Y!])}";
    }

    private static string Blob(params byte[][] fields) => Convert.ToBase64String([.. fields.SelectMany(f => BitConverter.GetBytes(System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(f.Length)).Concat(f))]);
}

using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Portcullis.Core.Trust.Tuf;

namespace Portcullis.Core.Tests.Trust.Tuf;

/// <summary>The reader of certificates against the framework's.</summary>
[TestFixture]
internal sealed class CertificateFieldsTests
{
    private static readonly DateTimeOffset Now = new(2026, 12, 1, 0, 0, 0, TimeSpan.Zero);

    private static IEnumerable<TestCaseData> Certificates()
    {
        yield return Case("a leaf", "CN=dtr.example.com/*", Now.AddYears(2), r => r.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true)));
        yield return Case("an authority", "CN=ann", Now.AddYears(2), r => r.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true)));
        yield return Case("an authority over leaves", "CN=ann", Now.AddYears(2), r => r.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, false)));
        yield return Case("no extension", "O=Docker, CN=ann", Now.AddYears(2), _ => { });
        yield return Case("several extensions, and an end after 2050", "CN=Zoë, O=Größe", Now.AddYears(60), r =>
        {
            r.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
            r.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.3")], false));
            r.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(r.PublicKey, false));
        });
        yield return Case("no name", "", Now.AddYears(2), _ => { });
    }

    [TestCaseSource(nameof(Certificates))]
    public void Each_field_is_what_the_framework_reads(byte[] der) => AssertSame(CertificateFields.Read(der), der);

    /// <summary>Where somebody changed a certificate, either it is refused, or what is read of it is what the framework reads.</summary>
    [TestCaseSource(nameof(Certificates))]
    public void A_changed_byte_makes_it_unreadable_or_is_read_as_the_framework_reads_it(byte[] der)
    {
        var read = 0;
        for (var at = 0; at < der.Length; at++)
        {
            byte[] changed = [.. der];
            changed[at] ^= 0x41;
            if (TufCertificate.Read(Encoding.ASCII.GetBytes(PemEncoding.WriteString("CERTIFICATE", changed))) is not null && IsReadByFramework(changed))
            {
                AssertSame(CertificateFields.Read(changed), changed);
                read++;
            }
        }

        Assert.That(read, Is.GreaterThan(60), "the signature at least says nothing");
    }

    [TestCaseSource(nameof(Certificates))]
    public void A_certificate_that_was_cut_or_is_longer_is_refused(byte[] der)
    {
        foreach (var other in new byte[][] { [], der[..^1], der[..(der.Length / 2)], [.. der, 0], [0x30, 0x00] })
        {
            Assert.That(TufCertificate.Read(Encoding.ASCII.GetBytes(PemEncoding.WriteString("CERTIFICATE", other))), Is.Null);
        }
    }

    private static void AssertSame(CertificateFields read, byte[] der)
    {
        using var expected = X509CertificateLoader.LoadCertificate(der);
        Assert.Multiple(() =>
        {
            Assert.That(read.SignatureAlgorithm, Is.EqualTo(expected.SignatureAlgorithm.Value));
            Assert.That((read.NotBefore.UtcDateTime, read.NotAfter.UtcDateTime), Is.EqualTo((expected.NotBefore.ToUniversalTime(), expected.NotAfter.ToUniversalTime())));
            Assert.That(read.Subject.RawData, Is.EqualTo(expected.SubjectName.RawData));
            Assert.That(read.PublicKey, Is.EqualTo(expected.PublicKey.ExportSubjectPublicKeyInfo()));
            Assert.That(read.IsAuthority, Is.EqualTo(expected.Extensions.OfType<X509BasicConstraintsExtension>().Any(e => e.CertificateAuthority)));
        });
    }

    private static bool IsReadByFramework(byte[] der)
    {
        try
        {
            using var certificate = X509CertificateLoader.LoadCertificate(der);
            return certificate.NotBefore < certificate.NotAfter.AddYears(1000) && certificate.Extensions.OfType<X509BasicConstraintsExtension>().All(e => e.CertificateAuthority || !e.CertificateAuthority);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            return false;
        }
    }

    private static TestCaseData Case(string name, string subject, DateTimeOffset end, Action<CertificateRequest> extend)
    {
        using var pair = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(subject, pair, HashAlgorithmName.SHA256);
        extend(request);
        using var certificate = request.CreateSelfSigned(Now, end);
        return new TestCaseData(certificate.RawData).SetArgDisplayNames(name);
    }
}

using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Portcullis.Core.Trust.Tuf;
using Portcullis.Trust.Keys;

namespace Portcullis.Trust.Delegations;

/// <summary>The certificate that Notary's clients ask of a root key: a leaf whose common name is the name of the trust data (Notary's tuf/utils/x509.go).</summary>
internal static class RootCertificate
{
    private const int Years = 10;
    private const string CodeSigning = "1.3.6.1.5.5.7.3.3";

    /// <summary>Null for a key that no certificate can be made of.</summary>
    public static TufKey? Make(string gun, TrustSigningKey key, DateTimeOffset now)
    {
        if (CertificateSigning.Of(key) is not { } signing)
        {
            return null;
        }

        var name = new X500DistinguishedNameBuilder();
        name.AddCommonName(gun);
        var request = new CertificateRequest(name.Build(), signing.PublicKey, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(CodeSigning)], false));
        var serial = RandomNumberGenerator.GetBytes(16);
        serial[0] &= 0x7F;
        using var certificate = request.Create(request.SubjectName, signing, now.AddMinutes(-5), now.AddYears(Years), serial);
        return TufKeyText.Read(certificate.ExportCertificatePem()).Key;
    }
}

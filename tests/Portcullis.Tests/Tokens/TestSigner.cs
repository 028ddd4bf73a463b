using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Portcullis.Tests.Tokens;

/// <summary>A key with its certificate, signed by an authority of its own, as <c>Registry.spec.upstream.signingSecretRef</c> names them.</summary>
internal sealed class TestSigner
{
    public TestSigner()
    {
        var now = TimeProvider.System.GetUtcNow();
        using var rootKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var rootRequest = new CertificateRequest("CN=tokens root", rootKey, HashAlgorithmName.SHA256);
        rootRequest.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using var root = rootRequest.CreateSelfSigned(now.AddHours(-1), now.AddDays(2));
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=portcullis", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        using var own = request.Create(root, now.AddHours(-1), now.AddDays(1), [1, 2, 3]);
        RootPem = root.ExportCertificatePem();
        ChainPem = own.ExportCertificatePem();
        KeyPem = key.ExportPkcs8PrivateKeyPem();
    }

    /// <summary>The registry's rootcertbundle.</summary>
    public string RootPem { get; }

    public string ChainPem { get; }

    public string KeyPem { get; }
}

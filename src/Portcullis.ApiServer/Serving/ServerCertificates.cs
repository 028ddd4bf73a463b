using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Portcullis.ApiServer.Storage;

namespace Portcullis.ApiServer.Serving;

/// <summary>
/// The server's own CA and serving certificate, made at the first start and kept in the state folder; the serving certificate is
/// replaced when it has less than a month left. The private keys are readable by the owner only.
/// </summary>
internal sealed class ServerCertificates : IDisposable
{
    private static readonly TimeSpan AuthorityLife = TimeSpan.FromDays(3650);
    private static readonly TimeSpan ServingLife = TimeSpan.FromDays(365);
    private static readonly TimeSpan RenewBefore = TimeSpan.FromDays(30);

    private ServerCertificates(X509Certificate2 authority, X509Certificate2 serving)
    {
        Authority = authority;
        Serving = serving;
        AuthorityPem = authority.ExportCertificatePem();
    }

    /// <summary>With its private key.</summary>
    public X509Certificate2 Authority { get; }

    public X509Certificate2 Serving { get; }

    public string AuthorityPem { get; }

    public static ServerCertificates Open(string folder, TimeProvider time)
    {
        var now = time.GetUtcNow();
        var authority = Load(folder, "ca", now) ?? Save(folder, "ca", CreateAuthority(now));
        var serving = Load(folder, "server", now + RenewBefore) ?? Save(folder, "server", CreateServing(authority, now));
        return new ServerCertificates(authority, serving);
    }

    public void Dispose()
    {
        Authority.Dispose();
        Serving.Dispose();
    }

    private static X509Certificate2? Load(string folder, string name, DateTimeOffset validAt)
    {
        var certificate = Path.Combine(folder, $"{name}.crt");
        var key = Path.Combine(folder, $"{name}.key");
        if (!File.Exists(certificate) || !File.Exists(key))
        {
            return null;
        }

        using var loaded = X509Certificate2.CreateFromPemFile(certificate, key);
        return loaded.NotAfter.ToUniversalTime() > validAt.UtcDateTime ? Usable(loaded) : null;
    }

    private static X509Certificate2 Save(string folder, string name, X509Certificate2 certificate)
    {
        using var key = certificate.GetECDsaPrivateKey()!;
        PrivateFile.Replace(Path.Combine(folder, $"{name}.key"), Encoding.ASCII.GetBytes(key.ExportPkcs8PrivateKeyPem()));
        PrivateFile.Replace(Path.Combine(folder, $"{name}.crt"), Encoding.ASCII.GetBytes(certificate.ExportCertificatePem()));
        return Usable(certificate);
    }

    /// <summary>A copy whose key is held in a form that TLS accepts on every platform.</summary>
    private static X509Certificate2 Usable(X509Certificate2 certificate) =>
        X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null, X509KeyStorageFlags.Exportable);

    private static X509Certificate2 CreateAuthority(DateTimeOffset now)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=portcullis-ca", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        return request.CreateSelfSigned(now - TimeSpan.FromMinutes(5), now + AuthorityLife);
    }

    private static X509Certificate2 CreateServing(X509Certificate2 authority, DateTimeOffset now)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=portcullis-apiserver", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        names.AddIpAddress(IPAddress.IPv6Loopback);
        names.AddDnsName("localhost");
        names.AddDnsName("kubernetes.default.svc");
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(authority, true, false));
        var end = now + ServingLife;
        var until = end.UtcDateTime < authority.NotAfter.ToUniversalTime() ? end : new DateTimeOffset(authority.NotAfter.ToUniversalTime());
        using var signed = request.Create(authority, now - TimeSpan.FromMinutes(5), until, RandomNumberGenerator.GetBytes(16));
        return signed.CopyWithPrivateKey(key);
    }
}

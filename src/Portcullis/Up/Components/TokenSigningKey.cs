using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Portcullis.Up.Components;

/// <summary>
/// The key that signs tokens for the private registry and Notary server, made at the first start and kept in the state folder. They trust its
/// certificate and nothing else, so that nobody reaches them past the gateway.
/// </summary>
internal sealed class TokenSigningKey(StateFolder state, TimeProvider time)
{
    public const string Issuer = "portcullis";
    public const string Service = "portcullis-upstream";

    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(3650);

    public string CertificateFile => Path.Combine(state.Folder("tokens"), "tls.crt");

    public string KeyFile => Path.Combine(state.Folder("tokens"), "tls.key");

    /// <summary>Makes what is missing.</summary>
    public void Ensure()
    {
        if (File.Exists(CertificateFile) && File.Exists(KeyFile))
        {
            return;
        }

        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=portcullis-up", key, HashAlgorithmName.SHA256);
        var now = time.GetUtcNow();
        using var certificate = request.CreateSelfSigned(now.AddMinutes(-5), now + Lifetime);
        File.WriteAllText(KeyFile, key.ExportPkcs8PrivateKeyPem() + "\n");
        File.SetUnixFileMode(KeyFile, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.WriteAllText(CertificateFile, certificate.ExportCertificatePem() + "\n");
    }
}

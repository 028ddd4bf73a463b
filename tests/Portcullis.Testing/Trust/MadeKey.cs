using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using NSec.Cryptography;
using Portcullis.Core.Trust.Tuf;

namespace Portcullis.Testing.Trust;

/// <summary>A key pair that signs metadata, made for a test.</summary>
public sealed class MadeKey
{
    private readonly Func<byte[], byte[]> _sign;

    private MadeKey(TufKey key, string method, Func<byte[], byte[]> sign) => (Public, Method, _sign) = (key, method, sign);

    public TufKey Public { get; }

    public string Method { get; }

    public static MadeKey Ecdsa(ECCurve? curve = null)
    {
        var key = ECDsa.Create(curve ?? ECCurve.NamedCurves.nistP256);
        return new(new TufKey(TufKey.Ecdsa, key.ExportSubjectPublicKeyInfo()), SignatureMethod.Ecdsa, m => Sign(key, m));
    }

    /// <summary>A certificate for a name; by default a leaf, signed by itself with SHA-256.</summary>
    public static MadeKey Certificate(string name, DateTimeOffset now, int days = 3650, bool isAuthority = false)
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        return new(new TufKey(TufKey.EcdsaX509, Pem(request, now, days, isAuthority)), SignatureMethod.Ecdsa, m => Sign(key, m));
    }

    public static MadeKey Rsa(int bits = 2048, RSASignaturePadding? padding = null)
    {
        var key = RSA.Create(bits);
        return new(new TufKey(TufKey.Rsa, key.ExportSubjectPublicKeyInfo()), MethodOf(padding), m => key.SignData(m, HashAlgorithmName.SHA256, padding ?? RSASignaturePadding.Pss));
    }

    public static MadeKey RsaCertificate(string name, DateTimeOffset now, int bits = 2048)
    {
        var key = RSA.Create(bits);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return new(new TufKey(TufKey.RsaX509, Pem(request, now, 3650, isAuthority: false)), SignatureMethod.RsaPss, m => key.SignData(m, HashAlgorithmName.SHA256, RSASignaturePadding.Pss));
    }

    public static MadeKey Ed25519()
    {
        var key = Key.Create(SignatureAlgorithm.Ed25519);
        return new(new TufKey(TufKey.Ed25519, key.PublicKey.Export(KeyBlobFormat.RawPublicKey)), SignatureMethod.EdDsa, m => SignatureAlgorithm.Ed25519.Sign(key, m));
    }

    /// <summary>The same key pair, listed in another way.</summary>
    public MadeKey ListedAs(TufKey key) => new(key, Method, _sign);

    public TufSignature Sign(byte[] content) => new(Public.Id, Method, _sign(content));

    private static string MethodOf(RSASignaturePadding? padding) => padding == RSASignaturePadding.Pkcs1 ? SignatureMethod.RsaPkcs1 : SignatureMethod.RsaPss;

    private static byte[] Sign(ECDsa key, byte[] message) => key.SignData(message, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);

    private static byte[] Pem(CertificateRequest request, DateTimeOffset now, int days, bool isAuthority)
    {
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(isAuthority, false, 0, true));
        using var certificate = request.CreateSelfSigned(now.AddDays(Math.Min(0, days) - 1), now.AddDays(days));
        return Encoding.ASCII.GetBytes(certificate.ExportCertificatePem() + "\n");
    }
}

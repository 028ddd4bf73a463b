using System.Security.Cryptography;
using NSec.Cryptography;
using Portcullis.Core.Trust.Tuf;

namespace Portcullis.Trust.Keys;

/// <summary>A private key that signs metadata, in the way that Notary signs with keys of its kind. Its text says nothing of the secret.</summary>
internal sealed class TrustSigningKey : IDisposable
{
    /// <summary>.NET does not say that its keys may be used by several at once.</summary>
    private readonly Lock _gate = new();
    private readonly IDisposable _key;
    private readonly Func<byte[], byte[]> _sign;
    private readonly Func<byte[]> _export;

    private TrustSigningKey(IDisposable key, TufKey publicKey, string method, Func<byte[], byte[]> sign, Func<byte[]> export)
    {
        (_key, PublicKey, Method) = (key, publicKey, method);
        (_sign, _export) = (sign, export);
    }

    /// <summary>Plain, not as a certificate.</summary>
    public TufKey PublicKey { get; }

    /// <summary>As a signature of it says how it was made: one of <see cref="SignatureMethod"/>.</summary>
    public string Method { get; }

    /// <summary>SHA-256 whatever the curve, and the two numbers one after the other. The key is this object's from now on.</summary>
    public static TrustSigningKey Of(ECDsa key) => new(
        key, new TufKey(TufKey.Ecdsa, key.ExportSubjectPublicKeyInfo()), SignatureMethod.Ecdsa,
        content => key.SignData(content, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation),
        key.ExportPkcs8PrivateKey);

    /// <summary>PSS with SHA-256 and a salt of 32 bytes. The key is this object's from now on.</summary>
    public static TrustSigningKey Of(RSA key) => new(
        key, new TufKey(TufKey.Rsa, key.ExportSubjectPublicKeyInfo()), SignatureMethod.RsaPss,
        content => key.SignData(content, HashAlgorithmName.SHA256, RSASignaturePadding.Pss),
        key.ExportPkcs8PrivateKey);

    /// <param name="seed">The 32 bytes that RFC 8032 calls the private key.</param>
    /// <exception cref="FormatException">It has another length.</exception>
    public static TrustSigningKey OfEd25519(ReadOnlySpan<byte> seed)
    {
        var algorithm = SignatureAlgorithm.Ed25519;
        var key = Key.Import(algorithm, seed, KeyBlobFormat.RawPrivateKey, new KeyCreationParameters { ExportPolicy = KeyExportPolicies.AllowPlaintextExport });
        return new TrustSigningKey(
            key, new TufKey(TufKey.Ed25519, key.PublicKey.Export(KeyBlobFormat.RawPublicKey)), SignatureMethod.EdDsa,
            content => algorithm.Sign(key, content),
            () => PrivateKeyInfo.WriteEd25519(key.Export(KeyBlobFormat.RawPrivateKey), key.PublicKey.Export(KeyBlobFormat.RawPublicKey)));
    }

    /// <summary>A new one, as the notary client makes them.</summary>
    public static TrustSigningKey Create() => Of(ECDsa.Create(ECCurve.NamedCurves.nistP256));

    /// <summary>The signature of what is to be signed. By several at once.</summary>
    public byte[] Sign(byte[] content)
    {
        lock (_gate)
        {
            return _sign(content);
        }
    }

    /// <summary>PKCS#8: the secret itself.</summary>
    internal byte[] Export() => _export();

    public void Dispose() => _key.Dispose();

    public override string ToString() => $"{PublicKey.Type} key {PublicKey.CanonicalId}";
}

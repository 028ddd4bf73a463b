using System.Formats.Asn1;
using System.Security.Cryptography;

namespace Portcullis.Trust.Keys;

/// <summary>Reads the bytes of a private key: which algorithm it is of, and whether Notary signs with such a key.</summary>
internal static class PrivateKeyInfo
{
    private const string EcKey = "1.2.840.10045.2.1";
    private const string RsaKey = "1.2.840.113549.1.1.1";

    /// <summary>RFC 8410.</summary>
    private const string Ed25519 = "1.3.101.112";

    /// <summary>What Notary itself writes: it is older than RFC 8410.</summary>
    private const string NotaryEd25519 = "1.3.6.1.4.1.11591.15.1";

    private const int PublicLength = 32;
    private const int SeedLength = 32;

    /// <summary>The public key, the seed, and the public key once more.</summary>
    private const int NotaryEd25519Length = PublicLength + SeedLength + PublicLength;

    private const int LeastRsaBits = 2048;

    private static readonly HashSet<string> Curves = new(["1.2.840.10045.3.1.7", "1.3.132.0.34", "1.3.132.0.35"], StringComparer.Ordinal);

    /// <summary>PKCS#8 (RFC 5958, section 2). Of both versions, which Notary does not keep apart.</summary>
    /// <exception cref="CryptographicException">The key is not what it must be.</exception>
    /// <exception cref="AsnContentException">The bytes are no PKCS#8.</exception>
    public static (TrustSigningKey? Key, string? Problem) Read(byte[] der)
    {
        var info = new AsnReader(der, AsnEncodingRules.BER).ReadSequence();
        info.ReadInteger();
        var algorithm = info.ReadSequence();
        var identifier = algorithm.ReadObjectIdentifier();
        var content = info.ReadOctetString();
        return identifier switch
        {
            EcKey => OfEc(key => key.ImportPkcs8PrivateKey(der, out _)),
            RsaKey => ReadRsa(content),
            Ed25519 => OfSeed(AsnDecoder.ReadOctetString(content, AsnEncodingRules.DER, out _)),
            NotaryEd25519 when content.Length == NotaryEd25519Length => OfSeed(content.AsSpan(PublicLength, SeedLength)),
            _ => (null, $"a private key of the algorithm {identifier} is not used: ECDSA (P-256, P-384, P-521), RSA and Ed25519 are"),
        };
    }

    /// <summary>As RFC 5915 has it.</summary>
    /// <exception cref="CryptographicException">The bytes are no such key.</exception>
    public static (TrustSigningKey? Key, string? Problem) ReadEc(byte[] der) => OfEc(key => key.ImportECPrivateKey(der, out _));

    /// <summary>As PKCS#1 has it.</summary>
    /// <exception cref="CryptographicException">The bytes are no such key.</exception>
    public static (TrustSigningKey? Key, string? Problem) ReadRsa(byte[] der)
    {
        var key = RSA.Create();
        key.ImportRSAPrivateKey(der, out _);
        if (key.KeySize >= LeastRsaBits)
        {
            return (TrustSigningKey.Of(key), null);
        }

        var bits = key.KeySize;
        key.Dispose();
        return (null, $"the private key is of RSA with {bits} bits: {LeastRsaBits} are the least");
    }

    /// <summary>PKCS#8 in the form that the notary client reads: it does not know RFC 8410.</summary>
    public static byte[] WriteEd25519(byte[] seed, byte[] publicKey)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteInteger(0);
            using (writer.PushSequence())
            {
                writer.WriteObjectIdentifier(NotaryEd25519);
            }

            writer.WriteOctetString([.. publicKey, .. seed, .. publicKey]);
        }

        return writer.Encode();
    }

    private static (TrustSigningKey? Key, string? Problem) OfSeed(ReadOnlySpan<byte> seed) =>
        seed.Length == SeedLength ? (TrustSigningKey.OfEd25519(seed), null) : (null, $"the private key is of Ed25519, and has {seed.Length} bytes in place of {SeedLength}");

    /// <summary>Null for one that the framework does not know.</summary>
    private static ECCurve? CurveOf(ECDsa key, Action<ECDsa> import)
    {
        try
        {
            import(key);
            return key.ExportParameters(includePrivateParameters: false).Curve;
        }
        catch (PlatformNotSupportedException)
        {
            return null;
        }
    }

    private static (TrustSigningKey? Key, string? Problem) OfEc(Action<ECDsa> import)
    {
        var key = ECDsa.Create();
        if (CurveOf(key, import) is not { } curve)
        {
            key.Dispose();
            return (null, "the private key is of an unknown curve: P-256, P-384 and P-521 are used");
        }

        if (curve.IsNamed && curve.Oid.Value is { } oid && Curves.Contains(oid))
        {
            return (TrustSigningKey.Of(key), null);
        }

        key.Dispose();
        return (null, $"the private key is of the curve {(curve.IsNamed ? curve.Oid.FriendlyName : "without a name")}: P-256, P-384 and P-521 are used");
    }
}

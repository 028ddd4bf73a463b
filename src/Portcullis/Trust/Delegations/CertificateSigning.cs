using System.Formats.Asn1;
using System.Numerics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Portcullis.Core.Trust.Tuf;
using Portcullis.Trust.Keys;

namespace Portcullis.Trust.Delegations;

/// <summary>Signs a certificate with a key that otherwise signs trust data: the same signature, written as certificates have it.</summary>
internal sealed class CertificateSigning : X509SignatureGenerator
{
    private readonly TrustSigningKey _key;
    private readonly X509SignatureGenerator _words;

    private CertificateSigning(TrustSigningKey key, X509SignatureGenerator words) => (_key, _words) = (key, words);

    /// <summary>Null for a key of a kind that certificates of Notary do not have.</summary>
    public static CertificateSigning? Of(TrustSigningKey key)
    {
        switch (key.PublicKey.Type)
        {
            case TufKey.Ecdsa:
                var curve = ECDsa.Create();
                curve.ImportSubjectPublicKeyInfo(key.PublicKey.Public, out _);
                return new CertificateSigning(key, CreateForECDsa(curve));
            case TufKey.Rsa:
                var rsa = RSA.Create();
                rsa.ImportSubjectPublicKeyInfo(key.PublicKey.Public, out _);
                return new CertificateSigning(key, CreateForRSA(rsa, RSASignaturePadding.Pss));
            default:
                return null;
        }
    }

    public override byte[] GetSignatureAlgorithmIdentifier(HashAlgorithmName hashAlgorithm) => _words.GetSignatureAlgorithmIdentifier(hashAlgorithm);

    public override byte[] SignData(byte[] data, HashAlgorithmName hashAlgorithm)
    {
        var signature = _key.Sign(data);
        return _key.PublicKey.Type == TufKey.Ecdsa ? Der(signature) : signature;
    }

    protected override PublicKey BuildPublicKey() => _words.PublicKey;

    private static byte[] Der(ReadOnlySpan<byte> both)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteInteger(new BigInteger(both[..(both.Length / 2)], isUnsigned: true, isBigEndian: true));
            writer.WriteInteger(new BigInteger(both[(both.Length / 2)..], isUnsigned: true, isBigEndian: true));
        }

        return writer.Encode();
    }
}

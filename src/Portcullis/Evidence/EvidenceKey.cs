using System.Security.Cryptography;
using Portcullis.Core.Attestations;

namespace Portcullis.Evidence;

/// <summary>A key that signs evidence, or that verifies it.</summary>
internal sealed class EvidenceKey
{
    private readonly ECDsa _key;

    private EvidenceKey(ECDsa key) => _key = key;

    /// <summary>The SHA-256 of the public key, in hexadecimal digits.</summary>
    public string Id => Convert.ToHexStringLower(SHA256.HashData(_key.ExportSubjectPublicKeyInfo()));

    /// <summary>The public key in PEM.</summary>
    public string PublicPem => _key.ExportSubjectPublicKeyInfoPem();

    /// <summary>Null when the text is no key of ECDSA on P-256.</summary>
    public static EvidenceKey? Of(string pem)
    {
        var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(pem);
            if (key.KeySize == 256)
            {
                return new EvidenceKey(key);
            }
        }
        catch (Exception e) when (e is ArgumentException or CryptographicException)
        {
            // The caller reports it as a missing key.
        }

        key.Dispose();
        return null;
    }

    /// <summary>A new one, in PEM.</summary>
    public static string NewPem()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return key.ExportPkcs8PrivateKeyPem();
    }

    public DsseEnvelope Sign(string payloadType, ReadOnlySpan<byte> payload)
    {
        var signature = _key.SignData(DsseEnvelope.PreAuthEncoding(payloadType, payload), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        return DsseEnvelope.Of(payloadType, payload, new DsseSignature { KeyId = Id, Sig = Convert.ToBase64String(signature) });
    }

    /// <summary>The payload, when one of the signatures is by this key; else null.</summary>
    public byte[]? Verified(DsseEnvelope envelope)
    {
        if (envelope.PayloadBytes() is not { } payload)
        {
            return null;
        }

        var signed = DsseEnvelope.PreAuthEncoding(envelope.PayloadType, payload);
        return envelope.Signatures.Any(s => s.Bytes() is { } bytes && IsBy(bytes, signed)) ? payload : null;
    }

    private bool IsBy(byte[] signature, byte[] signed)
    {
        try
        {
            return _key.VerifyData(signed, signature, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        }
        catch (CryptographicException)
        {
            return false;
        }
    }
}

using System.Security.Cryptography;
using NSec.Cryptography;

namespace Portcullis.Core.Trust.Tuf;

/// <summary>A key that is ready to verify, which to make costs three times what a verification does. The objects of the framework are not for several threads at once.</summary>
internal sealed class VerificationKey
{
    private readonly Lock _turn = new();
    private readonly Verification? _verify;

    private VerificationKey(TufKey key, Verification? verify) => (Key, _verify) = (key, verify);

    private delegate bool Verification(string method, byte[] signature, ReadOnlySpan<byte> message, ReadOnlySpan<byte> digest);

    /// <summary>With what was read of its certificate.</summary>
    public TufKey Key { get; }

    /// <summary>Whether it is a key at all, of a kind that is used, and long enough.</summary>
    public bool IsUsable => _verify is not null;

    public static VerificationKey Of(TufKey key)
    {
        try
        {
            return key.Type switch
            {
                TufKey.Ecdsa => Ecdsa(key, key.Public),
                TufKey.EcdsaX509 when key.Certificate?.PlainType == TufKey.Ecdsa => Ecdsa(key, key.Certificate.PlainKey),
                TufKey.Rsa => Rsa(key, key.Public),
                TufKey.RsaX509 when key.Certificate?.PlainType == TufKey.Rsa => Rsa(key, key.Certificate.PlainKey),
                TufKey.Ed25519 => Ed25519(key),
                _ => new VerificationKey(key, null),
            };
        }
        catch (Exception e) when (e is CryptographicException or FormatException)
        {
            return new VerificationKey(key, null);
        }
    }

    /// <summary>Whether a signature is this key's.</summary>
    /// <param name="method">How it says it was made. A method that is not one of the key's verifies nothing.</param>
    /// <param name="signature">Its bytes.</param>
    /// <param name="message">What was signed.</param>
    /// <param name="digest">The SHA-256 of what was signed.</param>
    public bool Verifies(string method, byte[] signature, ReadOnlySpan<byte> message, ReadOnlySpan<byte> digest)
    {
        lock (_turn)
        {
            return _verify is not null && _verify(method, signature, message, digest);
        }
    }

    /// <summary>SHA-256 whatever the curve, and the two numbers one after the other, each as long as the curve's.</summary>
    private static VerificationKey Ecdsa(TufKey key, byte[] content)
    {
        var curve = PlainKeys.ImportEcdsa(content);
        var length = 2 * ((curve.KeySize + 7) / 8);
        return new VerificationKey(key, (method, signature, _, digest) =>
            method == SignatureMethod.Ecdsa && signature.Length == length && curve.VerifyHash(digest, signature, DSASignatureFormat.IeeeP1363FixedFieldConcatenation));
    }

    private static VerificationKey Rsa(TufKey key, byte[] content)
    {
        var rsa = PlainKeys.ImportRsa(content);
        var length = (rsa.KeySize + 7) / 8;
        return new VerificationKey(key, (method, signature, _, digest) => signature.Length == length && method switch
        {
            SignatureMethod.RsaPss => rsa.VerifyHash(digest, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pss),
            SignatureMethod.RsaPkcs1 => rsa.VerifyHash(digest, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1),
            _ => false,
        });
    }

    private static VerificationKey Ed25519(TufKey key)
    {
        var algorithm = SignatureAlgorithm.Ed25519;
        return PublicKey.TryImport(algorithm, key.Public, KeyBlobFormat.RawPublicKey, out var point) && point is not null
            ? new VerificationKey(key, (method, signature, message, _) => method == SignatureMethod.EdDsa && signature.Length == algorithm.SignatureSize && algorithm.Verify(point, message, signature))
            : new VerificationKey(key, null);
    }
}

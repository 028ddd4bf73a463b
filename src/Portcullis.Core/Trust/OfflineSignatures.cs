using System.Formats.Asn1;
using System.Security.Cryptography;
using Portcullis.Core.Trust.Tuf;

namespace Portcullis.Core.Trust;

/// <summary>Signatures that came through Git, of keys that are kept offline.</summary>
public static class OfflineSignatures
{
    /// <summary>Those that are valid over a root, each under the id that the root lists its key by.</summary>
    /// <param name="given">What is declared, for whatever root it was made.</param>
    /// <param name="root">The root that is to be signed.</param>
    /// <param name="present">The root keys in force, which must sign too.</param>
    public static IReadOnlyList<TufSignature> Of(IReadOnlyList<OfflineSignature> given, RootChange root, IReadOnlyList<TufKey> present)
    {
        var message = TrustContents.Of(root).ToSignedBytes();
        var digest = SHA256.HashData(message);
        var keys = present.Concat(root.RootKeys).DistinctBy(k => k.Id).ToList();
        return
        [
            .. from signature in given
               from key in keys
               where key.Id == signature.KeyId || key.CanonicalId == signature.KeyId
               let value = ValueOf(signature, key)
               where value is not null && VerificationKey.Of(key).Verifies(signature.Method, value, message, digest)
               group new TufSignature(key.Id, signature.Method, value) by key.Id into ofKey
               select ofKey.First(),
        ];
    }

    private static byte[]? ValueOf(OfflineSignature signature, TufKey key)
    {
        var value = new byte[signature.Sig.Length];
        if (!Convert.TryFromBase64String(signature.Sig, value, out var length))
        {
            return null;
        }

        return signature.Method == SignatureMethod.Ecdsa ? Fixed(value[..length], key) : value[..length];
    }

    /// <summary>OpenSSL writes the two numbers of ECDSA as DER (RFC 3279 section 2.2.3), Notary one after the other.</summary>
    private static byte[]? Fixed(byte[] value, TufKey key)
    {
        try
        {
            using var curve = PlainKeys.ImportEcdsa(key.Certificate?.PlainKey ?? key.Public);
            var half = (curve.KeySize + 7) / 8;
            if (value.Length == 2 * half)
            {
                return value;
            }

            var numbers = new AsnReader(value, AsnEncodingRules.DER).ReadSequence();
            var both = new byte[2 * half];
            return Put(numbers.ReadIntegerBytes().Span, both.AsSpan(0, half)) && Put(numbers.ReadIntegerBytes().Span, both.AsSpan(half)) ? both : null;
        }
        catch (Exception e) when (e is AsnContentException or CryptographicException)
        {
            return null;
        }
    }

    private static bool Put(ReadOnlySpan<byte> number, Span<byte> field)
    {
        var digits = number.TrimStart((byte)0);
        if (digits.Length > field.Length)
        {
            return false;
        }

        digits.CopyTo(field[^digits.Length..]);
        return true;
    }
}

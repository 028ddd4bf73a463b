using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Text;

namespace Portcullis.Trust.Keys;

/// <summary>
/// Encrypted PKCS#8 (RFC 5958, section 3) with PBES2, PBKDF2 and AES-CBC (RFC 8018), which is what OpenSSL and Notary write. .NET's own reader takes a key
/// of a kind that it knows itself, and Notary's Ed25519 keys are of none.
/// </summary>
internal static class EncryptedKeyInfo
{
    private const string Pbes2 = "1.2.840.113549.1.5.13";
    private const string Pbkdf2 = "1.2.840.113549.1.5.12";
    private const string HmacSha1 = "1.2.840.113549.2.7";
    private const string Aes256 = "2.16.840.1.101.3.4.1.42";
    private const int SaltLength = 16;
    private const int BlockLength = 16;

    /// <summary>A file decides how long it takes to read it: not longer than some seconds.</summary>
    private const int MostIterations = 10_000_000;

    /// <summary>How often the passphrase is hashed in what is written: the notary client reads any number, and writes 2,048 itself.</summary>
    private const int Iterations = 100_000;

    private static readonly Dictionary<string, HashAlgorithmName> Hashes = new(StringComparer.Ordinal)
    {
        [HmacSha1] = HashAlgorithmName.SHA1,
        ["1.2.840.113549.2.9"] = HashAlgorithmName.SHA256,
        ["1.2.840.113549.2.10"] = HashAlgorithmName.SHA384,
        ["1.2.840.113549.2.11"] = HashAlgorithmName.SHA512,
    };

    /// <summary>The length of the key in bytes.</summary>
    private static readonly Dictionary<string, int> Ciphers = new(StringComparer.Ordinal) { ["2.16.840.1.101.3.4.1.2"] = 16, ["2.16.840.1.101.3.4.1.22"] = 24, [Aes256] = 32 };

    /// <summary>The PKCS#8 within; it may be wrong bytes when the passphrase is not the right one.</summary>
    /// <exception cref="CryptographicException">The passphrase is not the right one.</exception>
    /// <exception cref="AsnContentException">It is not written as it must be.</exception>
    /// <exception cref="NotSupportedException">It is encrypted in another way; the message says which.</exception>
    public static byte[] Decrypt(byte[] der, string passphrase)
    {
        var outer = new AsnReader(der, AsnEncodingRules.BER).ReadSequence();
        var algorithm = outer.ReadSequence();
        Require(algorithm, Pbes2, "scheme");
        var parameters = algorithm.ReadSequence();
        var (derivation, cipher) = (parameters.ReadSequence(), parameters.ReadSequence());
        Require(derivation, Pbkdf2, "key derivation");
        var derive = derivation.ReadSequence();
        var salt = derive.ReadOctetString();
        if (!derive.TryReadInt32(out var iterations) || iterations is < 1 or > MostIterations)
        {
            throw new NotSupportedException($"a passphrase that is hashed more than {MostIterations} times");
        }

        if (derive.HasData && derive.PeekTag().HasSameClassAndValue(Asn1Tag.Integer))
        {
            derive.ReadIntegerBytes();
        }

        var hash = derive.HasData ? derive.ReadSequence().ReadObjectIdentifier() : HmacSha1;
        var name = cipher.ReadObjectIdentifier();
        if (!Hashes.TryGetValue(hash, out var hashName) || !Ciphers.TryGetValue(name, out var length))
        {
            throw new NotSupportedException($"the hash {hash} with the cipher {name}");
        }

        using var aes = Aes.Create();
        aes.Key = Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes(passphrase), salt, iterations, hashName, length);
        return aes.DecryptCbc(outer.ReadOctetString(), cipher.ReadOctetString());
    }

    /// <summary>As the notary client reads it: it knows SHA-1 alone as the hash, and AES of 256 bits (notary 0.7, tuf/utils/pkcs8.go).</summary>
    public static byte[] Encrypt(byte[] info, string passphrase)
    {
        var (salt, vector) = (RandomNumberGenerator.GetBytes(SaltLength), RandomNumberGenerator.GetBytes(BlockLength));
        using var aes = Aes.Create();
#pragma warning disable CA5379 // the reader's own choice; the number of rounds makes up for what it lacks
        aes.Key = Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes(passphrase), salt, Iterations, HashAlgorithmName.SHA1, 32);
#pragma warning restore CA5379
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            using (writer.PushSequence())
            {
                writer.WriteObjectIdentifier(Pbes2);
                using var parameters = writer.PushSequence();
                WriteDerivation(writer, salt);
                using var cipher = writer.PushSequence();
                writer.WriteObjectIdentifier(Aes256);
                writer.WriteOctetString(vector);
            }

            writer.WriteOctetString(aes.EncryptCbc(info, vector));
        }

        return writer.Encode();
    }

    private static void WriteDerivation(AsnWriter writer, byte[] salt)
    {
        using var derivation = writer.PushSequence();
        writer.WriteObjectIdentifier(Pbkdf2);
        using var parameters = writer.PushSequence();
        writer.WriteOctetString(salt);
        writer.WriteInteger(Iterations);
    }

    private static void Require(AsnReader algorithm, string expected, string what)
    {
        var found = algorithm.ReadObjectIdentifier();
        if (found != expected)
        {
            throw new NotSupportedException($"the {what} {found}");
        }
    }
}

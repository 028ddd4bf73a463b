using System.Formats.Asn1;
using System.Security.Cryptography;

namespace Portcullis.Trust.Keys;

/// <summary>
/// Private keys as the notary client keeps them (<c>ID.key</c>: PKCS#8, encrypted, with the headers <c>role</c> and <c>gun</c>), and as OpenSSL and
/// client bundles have them: PKCS#8, EC and RSA keys in PEM.
/// </summary>
internal static class NotaryKeyFile
{
    /// <summary>In characters; an RSA key of 16,384 bits has some 13,000.</summary>
    private const int Longest = 64 * 1024;

    private const string Encrypted = "ENCRYPTED PRIVATE KEY";
    private const string HowToConvert = "convert it: openssl pkcs8 -topk8 -v2 aes-256-cbc -v2prf hmacWithSHA1 -in KEY -out KEY.pem";

    /// <param name="text">The file.</param>
    /// <param name="passphrase">Null or empty for none; it is not looked at when the file is not encrypted.</param>
    public static KeyFile Read(string text, string? passphrase)
    {
        if (text.Length > Longest)
        {
            return new KeyFile.Unusable($"more than {Longest} characters are no private key");
        }

        var blocks = PemBlock.ReadAll(text).Where(b => b.Label.EndsWith("PRIVATE KEY", StringComparison.Ordinal)).ToList();
        return blocks switch
        {
            [] => new KeyFile.Unusable("there is no private key in PEM (-----BEGIN … PRIVATE KEY-----), or it is damaged"),
            [var block] => Read(block, passphrase),
            _ => new KeyFile.Unusable("there are several private keys: give each its own entry"),
        };
    }

    /// <summary>The file that <c>notary key import</c>, and a client's folder of private keys, take.</summary>
    /// <param name="key">What is written.</param>
    /// <param name="passphrase">Not empty; the client asks for at least eight characters.</param>
    /// <param name="role">Such as <c>root</c>, or <c>targets</c>.</param>
    /// <param name="gun">Null for root keys and for those of delegations, which belong to no one name.</param>
    public static string Write(TrustSigningKey key, string passphrase, string role, string? gun)
    {
        var lines = Convert.ToBase64String(EncryptedKeyInfo.Encrypt(key.Export(), passphrase)).Chunk(64).Select(c => new string(c));
        // By the path it knows the id of a key that it cannot decrypt while it imports it.
        var headers = $"{(gun is null ? "" : $"gun: {gun}\n")}path: {key.PublicKey.CanonicalId}\nrole: {role}\n";
        return $"-----BEGIN {Encrypted}-----\n{headers}\n{string.Join('\n', lines)}\n-----END {Encrypted}-----\n";
    }

    private static KeyFile Read(PemBlock block, string? passphrase)
    {
        if (block.Header("Proc-Type")?.Contains("ENCRYPTED", StringComparison.Ordinal) == true)
        {
            return new KeyFile.Unusable($"the private key is encrypted in the old way of OpenSSL (Proc-Type): {HowToConvert}");
        }

        if (block.Label == Encrypted && string.IsNullOrEmpty(passphrase))
        {
            return new KeyFile.Unusable("the private key is encrypted, and there is no passphrase for it");
        }

        try
        {
            return block.Label switch
            {
                Encrypted => Opened(block, PrivateKeyInfo.Read(EncryptedKeyInfo.Decrypt(block.Content, passphrase!))),
                "PRIVATE KEY" => Opened(block, PrivateKeyInfo.Read(block.Content)),
                "EC PRIVATE KEY" => Opened(block, PrivateKeyInfo.ReadEc(block.Content)),
                "RSA PRIVATE KEY" => Opened(block, PrivateKeyInfo.ReadRsa(block.Content)),
                "OPENSSH PRIVATE KEY" => new KeyFile.Unusable("a private key in OpenSSH's own form is not read: convert it: ssh-keygen -p -m PKCS8 -f KEY"),
                _ => new KeyFile.Unusable($"a private key as '{block.Label}' is not read: {HowToConvert}"),
            };
        }
        catch (NotSupportedException e)
        {
            return new KeyFile.Unusable($"the private key is encrypted with {e.Message}, which is not read: {HowToConvert}");
        }
        catch (Exception e) when (e is CryptographicException or AsnContentException && block.Label == Encrypted)
        {
            return new KeyFile.Unusable("the private key cannot be decrypted: the passphrase is not the right one, or the file is damaged");
        }
        catch (Exception e) when (e is CryptographicException or AsnContentException)
        {
            return new KeyFile.Unusable("the private key is damaged");
        }
    }

    private static KeyFile Opened(PemBlock block, (TrustSigningKey? Key, string? Problem) read) =>
        read.Key is { } key ? new KeyFile.Opened(key, Named(block, "role"), Named(block, "gun")) : new KeyFile.Unusable(read.Problem!);

    private static string? Named(PemBlock block, string header) => block.Header(header) is { Length: > 0 } value ? value : null;
}

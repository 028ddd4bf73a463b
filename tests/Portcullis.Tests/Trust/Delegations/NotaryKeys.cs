using System.Security.Cryptography;
using System.Text.Json;
using Portcullis.Trust.Delegations;
using Portcullis.Trust.Keys;

namespace Portcullis.Tests.Trust.Delegations;

/// <summary>Keys as tests hand them around.</summary>
internal static class NotaryKeys
{
    private const string Passphrase = "a passphrase";

    /// <summary>Unencrypted PKCS#8.</summary>
    public static string Plain(TrustSigningKey key)
    {
        using var copy = ECDsa.Create();
        var lines = NotaryKeyFile.Write(key, Passphrase, "root", null).Split('\n').Where(l => !l.Contains(':', StringComparison.Ordinal) && l.Length > 0);
        copy.ImportFromEncryptedPem(string.Join('\n', lines), Passphrase);
        return copy.ExportPkcs8PrivateKeyPem();
    }

    /// <summary>The public key as PEM in YAML's flow style.</summary>
    public static string PublicText(TrustSigningKey key) => JsonSerializer.Serialize(PemEncoding.WriteString("PUBLIC KEY", key.PublicKey.Public));

    /// <summary>A certificate for names in YAML's flow style.</summary>
    public static string Certificate(TrustSigningKey key, string commonName) =>
        JsonSerializer.Serialize(System.Text.Encoding.ASCII.GetString(RootCertificate.Make(commonName, key, TimeProvider.System.GetUtcNow())!.Public));
}

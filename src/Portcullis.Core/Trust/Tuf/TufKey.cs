using System.Security.Cryptography;
using System.Text;

namespace Portcullis.Core.Trust.Tuf;

/// <summary>
/// A public key as metadata lists it (Notary's tuf/data/keys.go). Two keys are equal when their ids are. What it says of itself is not checked here:
/// <see cref="VerificationKeys"/> finds out whether it can verify anything.
/// </summary>
/// <param name="type">One of the constants; another type is kept, and verifies nothing.</param>
/// <param name="content">SubjectPublicKeyInfo of <see cref="Ecdsa"/> and <see cref="Rsa"/>, the 32 bytes of <see cref="Ed25519"/>, PEM of certificates.</param>
public sealed class TufKey(string type, byte[] content) : IEquatable<TufKey>
{
    public const string Ecdsa = "ecdsa";
    public const string EcdsaX509 = "ecdsa-x509";
    public const string Rsa = "rsa";
    public const string RsaX509 = "rsa-x509";
    public const string Ed25519 = "ed25519";

    private string? _id;
    private string? _canonicalId;
    private Lazy<TufCertificate?>? _certificate;

    public string Type => type;

    public byte[] Public => content;

    /// <summary>Hex SHA-256 of the canonical JSON of the key as it is listed: a certificate has another one than its plain key.</summary>
    public string Id => _id ??= IdOf(type, content);

    /// <summary>
    /// The id of the plain key, the same for a key and all its certificates, by which people and files are compared. Of a certificate that cannot be read, its
    /// own: it verifies nothing.
    /// </summary>
    public string CanonicalId => _canonicalId ??= IsCertificate ? Certificate is { } read ? IdOf(read.PlainType, read.PlainKey) : Id : IdOf(type, PlainKeys.Normalized(type, content));

    public bool IsCertificate => type is EcdsaX509 or RsaX509;

    /// <summary>Null when this is no certificate, or one that cannot be read.</summary>
    public TufCertificate? Certificate => (_certificate ??= new Lazy<TufCertificate?>(() => IsCertificate ? TufCertificate.Read(content) : null)).Value;

    /// <summary>Of a certificate that was read already, which takes longer than all else that is done with it.</summary>
    internal static TufKey Of(string type, byte[] pem, TufCertificate certificate) => new(type, pem) { _certificate = new Lazy<TufCertificate?>(certificate) };

    public bool Equals(TufKey? other) => other is not null && Id == other.Id;

    public override bool Equals(object? obj) => Equals(obj as TufKey);

    public override int GetHashCode() => Id.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => $"{type} key {Id}";

    private static string IdOf(string type, byte[] content) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(
        $"{{\"keytype\":\"{type.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\",\"keyval\":{{\"private\":null,\"public\":\"{Convert.ToBase64String(content)}\"}}}}")));
}

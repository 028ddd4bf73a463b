using System.Buffers.Binary;
using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Portcullis.Core.Organizations;

/// <summary>
/// A user's public key as text: an OpenSSH line (RFC 4253 section 6.6) or PEM (RFC 7468). Checked before it is believed, since a key that
/// cannot be read would show only on the day a signature is refused.
/// </summary>
public static class PublicKeyText
{
    private const int MinimumRsaBits = 2048;
    private const int MaximumLength = 16 * 1024;

    private static readonly HashSet<string> SshTypes = new(
        [
            "ssh-ed25519", "ssh-rsa", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521",
            "sk-ssh-ed25519@openssh.com", "sk-ecdsa-sha2-nistp256@openssh.com",
        ],
        StringComparer.Ordinal);

    /// <summary>What is wrong with the text; null when it is a public key. The text itself is never repeated.</summary>
    public static string? Problem(string text) => ProblemAround(text, out var certificate) ?? (certificate is null ? null : CertificateProblem(certificate));

    /// <summary>The same, but for what is in a certificate, which is left to who reads more of it.</summary>
    internal static string? ProblemAround(string text, out byte[]? certificate)
    {
        certificate = null;
        if (text.Contains("PRIVATE KEY", StringComparison.Ordinal))
        {
            return "this is a private key, which must never be in Git: remove it, create a new key pair, and put the public key here";
        }

        return text.Length > MaximumLength ? "longer than any public key"
            : text.TrimStart().StartsWith("-----BEGIN", StringComparison.Ordinal) ? PemProblem(text, out certificate)
            : SshProblem(text.Trim());
    }

    private static string? PemProblem(string text, out byte[]? certificate)
    {
        certificate = null;
        if (!PemEncoding.TryFind(text, out var fields))
        {
            return "this PEM block is damaged";
        }

        var label = text[fields.Label];
        if (text[fields.Location.End..].Trim().Length > 0 || text[..fields.Location.Start].Trim().Length > 0)
        {
            return "there must be one PEM block and nothing else";
        }

        var der = new byte[fields.DecodedDataLength];
        if (!Convert.TryFromBase64Chars(text[fields.Base64Data], der, out _))
        {
            return "this PEM block is not base64";
        }

        switch (label)
        {
            case "PUBLIC KEY":
                return SubjectPublicKeyInfoProblem(der);
            case "CERTIFICATE":
                certificate = der;
                return null;
            default:
                return $"a PEM block '{label}' is not supported: use PUBLIC KEY or CERTIFICATE";
        }
    }

    /// <summary>What is wrong with a certificate in DER; null when it has a usable key.</summary>
    internal static string? CertificateProblem(byte[] der)
    {
        try
        {
            using var certificate = X509CertificateLoader.LoadCertificate(der);
            return SubjectPublicKeyInfoProblem(certificate.PublicKey.ExportSubjectPublicKeyInfo());
        }
        catch (CryptographicException)
        {
            return "this certificate cannot be read";
        }
    }

    /// <summary>SubjectPublicKeyInfo (RFC 5280 section 4.1): the framework cannot import Ed25519, so the structure is read here.</summary>
    internal static string? SubjectPublicKeyInfoProblem(byte[] der)
    {
        try
        {
            var info = new AsnReader(der, AsnEncodingRules.DER).ReadSequence();
            var algorithm = info.ReadSequence().ReadObjectIdentifier();
            var key = info.ReadBitString(out _);
            switch (algorithm)
            {
                case "1.2.840.113549.1.1.1":
                    var modulus = new AsnReader(key, AsnEncodingRules.DER).ReadSequence().ReadIntegerBytes().Span.TrimStart((byte)0);
                    return RsaProblem(modulus.Length * 8);
                case "1.2.840.10045.2.1":
                    using (var curve = ECDsa.Create())
                    {
                        curve.ImportSubjectPublicKeyInfo(der, out _);
                    }

                    return null;
                case "1.3.101.112":
                    return key.Length == 32 ? null : "an Ed25519 key has 32 bytes";
                default:
                    return $"keys of algorithm {algorithm} are not supported: use RSA, ECDSA or Ed25519";
            }
        }
        catch (Exception e) when (e is AsnContentException or CryptographicException or PlatformNotSupportedException)
        {
            // The last is what a curve is answered with that the framework never heard of.
            return "this public key cannot be read";
        }
    }

    private static string? SshProblem(string line)
    {
        var parts = line.Split(' ', 3, StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length < 2 || !SshTypes.Contains(parts[0]) || line.Contains('\n', StringComparison.Ordinal))
        {
            return "not a public key: one OpenSSH line (ssh-ed25519 AAAA…) or one PEM block (PUBLIC KEY or CERTIFICATE)";
        }

        var blob = new byte[parts[1].Length];
        if (!Convert.TryFromBase64String(parts[1], blob, out var length))
        {
            return "the key is not base64: is it complete?";
        }

        ReadOnlySpan<byte> rest = blob.AsSpan(0, length);
        if (!TryField(ref rest, out var type) || Encoding.ASCII.GetString(type) != parts[0])
        {
            return $"the key is of another type than {parts[0]}, or it is incomplete";
        }

        if (parts[0] == "ssh-rsa")
        {
            return TryField(ref rest, out _) && TryField(ref rest, out var modulus) ? RsaProblem(modulus.TrimStart((byte)0).Length * 8) : "the key is incomplete";
        }

        if (parts[0] == "ssh-ed25519")
        {
            return TryField(ref rest, out var point) && point.Length == 32 && rest.IsEmpty ? null : "the key is incomplete";
        }

        return TryField(ref rest, out _) && TryField(ref rest, out _) ? null : "the key is incomplete";
    }

    private static string? RsaProblem(int bits) =>
        bits < MinimumRsaBits ? $"an RSA key of {bits} bits is too short: at least {MinimumRsaBits}" : null;

    private static bool TryField(ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> field)
    {
        field = default;
        if (rest.Length < 4)
        {
            return false;
        }

        var length = BinaryPrimitives.ReadUInt32BigEndian(rest);
        if (length > rest.Length - 4)
        {
            return false;
        }

        field = rest.Slice(4, (int)length);
        rest = rest[(4 + (int)length)..];
        return true;
    }
}

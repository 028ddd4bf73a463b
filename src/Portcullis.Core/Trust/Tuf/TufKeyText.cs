using System.Buffers.Binary;
using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Text;
using Portcullis.Core.Organizations;

namespace Portcullis.Core.Trust.Tuf;

/// <summary>Keys as people write them: PEM (CERTIFICATE or PUBLIC KEY) or an OpenSSH line.</summary>
public static class TufKeyText
{
    private const string RsaId = "1.2.840.113549.1.1.1";
    private const string EcId = "1.2.840.10045.2.1";
    private const string Ed25519Id = "1.3.101.112";
    private const string WrongKind = "keys of this kind cannot sign trust data: use ECDSA, RSA or Ed25519";

    /// <summary>The key, or what is wrong with the text. Whether a certificate has expired is <see cref="TufCertificate.ProblemAt"/>'s to say.</summary>
    public static (TufKey? Key, string? Problem) Read(string text)
    {
        if (PublicKeyText.ProblemAround(text, out var certificate) is { } problem)
        {
            return (null, problem);
        }

        try
        {
            return certificate is not null ? OfCertificate(certificate)
                : (text.TrimStart().StartsWith("-----BEGIN", StringComparison.Ordinal) ? OfPem(text) : OfSsh(text.Trim())) is { } key ? (key, null)
                : (null, WrongKind);
        }
        catch (Exception e) when (e is CryptographicException or AsnContentException or FormatException or ArgumentException)
        {
            return (null, "this public key cannot be read");
        }
    }

    /// <summary>A plain key of its SubjectPublicKeyInfo; null when it is of a kind that signs no trust data.</summary>
    /// <exception cref="CryptographicException">It is on another curve, or too short.</exception>
    /// <exception cref="AsnContentException">It cannot be read.</exception>
    public static TufKey? OfSubjectPublicKeyInfo(byte[] der)
    {
        var info = new AsnReader(der, AsnEncodingRules.DER).ReadSequence();
        switch (info.ReadSequence().ReadObjectIdentifier())
        {
            case EcId:
                using (var key = PlainKeys.ImportEcdsa(der))
                {
                    return new TufKey(TufKey.Ecdsa, key.ExportSubjectPublicKeyInfo());
                }

            case RsaId:
                using (var key = PlainKeys.ImportRsa(der))
                {
                    return new TufKey(TufKey.Rsa, key.ExportSubjectPublicKeyInfo());
                }

            case Ed25519Id:
                return new TufKey(TufKey.Ed25519, info.ReadBitString(out _));
            default:
                return null;
        }
    }

    private static TufKey? OfPem(string text) => OfSubjectPublicKeyInfo(Convert.FromBase64String(text[PemEncoding.Find(text).Base64Data]));

    /// <summary>As the notary client writes it into metadata: one block, lines of 64 characters, a line feed at the end.</summary>
    private static (TufKey? Key, string? Problem) OfCertificate(byte[] der)
    {
        var pem = Encoding.ASCII.GetBytes(PemEncoding.WriteString("CERTIFICATE", der) + "\n");
        if (TufCertificate.Read(pem) is not { } certificate)
        {
            return (null, PublicKeyText.CertificateProblem(der) ?? WrongKind);
        }

        var type = certificate.PlainType == TufKey.Rsa ? TufKey.RsaX509 : TufKey.EcdsaX509;
        return !CurveKeyForm.IsOnCurve(certificate.PlainKey) && PublicKeyText.SubjectPublicKeyInfoProblem(certificate.PlainKey) is { } problem ? (null, problem) : (TufKey.Of(type, pem, certificate), null);
    }

    private static TufKey? OfSsh(string line)
    {
        var parts = line.Split(' ', 3, StringSplitOptions.RemoveEmptyEntries);
        ReadOnlySpan<byte> rest = Convert.FromBase64String(parts[1]);
        _ = Field(ref rest);
        switch (parts[0])
        {
            case "ssh-ed25519":
                return new TufKey(TufKey.Ed25519, Field(ref rest).ToArray());
            case "ssh-rsa":
                var exponent = Field(ref rest).TrimStart((byte)0).ToArray();
                using (var rsa = RSA.Create(new RSAParameters { Exponent = exponent, Modulus = Field(ref rest).TrimStart((byte)0).ToArray() }))
                {
                    return new TufKey(TufKey.Rsa, rsa.ExportSubjectPublicKeyInfo());
                }

            case "ecdsa-sha2-nistp256" or "ecdsa-sha2-nistp384" or "ecdsa-sha2-nistp521":
                _ = Field(ref rest);
                return OfPoint(parts[0][^3..], Field(ref rest));
            default:
                return null;
        }
    }

    /// <summary>An uncompressed point (SEC 1, section 2.3.3), which is how OpenSSH writes it.</summary>
    private static TufKey? OfPoint(string bits, ReadOnlySpan<byte> point)
    {
        var curve = bits switch
        {
            "256" => ECCurve.NamedCurves.nistP256,
            "384" => ECCurve.NamedCurves.nistP384,
            _ => ECCurve.NamedCurves.nistP521,
        };
        if (point.Length == 0 || point[0] != 4)
        {
            return null;
        }

        var half = (point.Length - 1) / 2;
        using var key = ECDsa.Create(new ECParameters { Curve = curve, Q = new ECPoint { X = point[1..(1 + half)].ToArray(), Y = point[(1 + half)..].ToArray() } });
        return new TufKey(TufKey.Ecdsa, key.ExportSubjectPublicKeyInfo());
    }

    private static ReadOnlySpan<byte> Field(ref ReadOnlySpan<byte> rest)
    {
        var length = BinaryPrimitives.ReadInt32BigEndian(rest);
        var field = rest.Slice(4, length);
        rest = rest[(4 + length)..];
        return field;
    }
}

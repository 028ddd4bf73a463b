using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Portcullis.Core.Trust.Tuf;

/// <summary>What counts of the certificate that a key is wrapped in (Notary's tuf/utils/x509.go).</summary>
/// <param name="CommonName">Of its subject; empty when there is none.</param>
/// <param name="NotBefore">From when it is valid.</param>
/// <param name="NotAfter">Until when it is valid.</param>
/// <param name="PlainType">The type of the key in it.</param>
/// <param name="PlainKey">The SubjectPublicKeyInfo of the key in it.</param>
public sealed record TufCertificate(string CommonName, DateTimeOffset NotBefore, DateTimeOffset NotAfter, string PlainType, byte[] PlainKey)
{
    private const string BeginMark = "-----BEGIN";
    private const string RsaId = "1.2.840.113549.1.1.1";
    private const string CommonNameId = "2.5.4.3";
    private const string EcId = "1.2.840.10045.2.1";

    /// <summary>Clocks differ, and a certificate is often used on the day it is made.</summary>
    private static readonly TimeSpan Leeway = TimeSpan.FromDays(1);

    /// <summary>sha1WithRSAEncryption, dsa-with-sha1, ecdsa-with-SHA1, and MD5.</summary>
    private static readonly HashSet<string> WeakSignatures = new(["1.2.840.113549.1.1.5", "1.2.840.10040.4.3", "1.2.840.10045.4.1", "1.2.840.113549.1.1.4"], StringComparer.Ordinal);

    /// <summary>Whether it may sign certificates itself: then it is no leaf.</summary>
    public bool IsAuthority { get; private init; }

    /// <summary>How many of the certificates after the first are leaves; a bundle has none.</summary>
    public int OtherLeaves { get; private init; }

    /// <summary>Whether it was signed with an algorithm that is broken.</summary>
    public bool IsWeaklySigned { get; private init; }

    /// <summary>Why it cannot be used at a time; null when it can.</summary>
    public string? ProblemAt(DateTimeOffset now) =>
        IsWeaklySigned ? "its certificate is signed with SHA-1"
        : NotBefore > NotAfter ? "its certificate ends before it begins"
        : NotBefore > now + Leeway ? $"its certificate is not valid before {NotBefore:yyyy-MM-dd}"
        : NotAfter < now ? $"its certificate expired on {NotAfter:yyyy-MM-dd}"
        : null;

    /// <summary>Whether it is one for a name: its common name is the name, or the beginning of it and a star.</summary>
    public bool IsFor(string gun) => CommonName.EndsWith('*') ? gun.StartsWith(CommonName.TrimEnd('*'), StringComparison.Ordinal) : CommonName == gun;

    /// <summary>The first of a bundle. Null when it cannot be read.</summary>
    /// <param name="pem">PEM, as a key's content.</param>
    internal static TufCertificate? Read(ReadOnlySpan<byte> pem)
    {
        try
        {
            var text = System.Text.Encoding.ASCII.GetString(pem);
            var first = Blocks(text).FirstOrDefault();
            return first is null ? null : Of(first) with { OtherLeaves = Blocks(text).Skip(1).Count(der => !CertificateFields.Read(der).IsAuthority) };
        }
        catch (Exception e) when (e is CryptographicException or AsnContentException or FormatException)
        {
            return null;
        }
    }

    private static IEnumerable<byte[]> Blocks(string text)
    {
        while (PemEncoding.TryFind(text, out var fields))
        {
            yield return text[fields.Label] == "CERTIFICATE" ? Convert.FromBase64String(text[fields.Base64Data]) : throw new FormatException("not a certificate");
            text = text[fields.Location.End..];
        }

        if (text.Contains(BeginMark, StringComparison.Ordinal))
        {
            throw new FormatException("a damaged block");
        }
    }

    private static TufCertificate Of(byte[] der)
    {
        var fields = CertificateFields.Read(der);
        var type = new AsnReader(fields.PublicKey, AsnEncodingRules.DER).ReadSequence().ReadSequence().ReadObjectIdentifier() switch
        {
            EcId => TufKey.Ecdsa,
            RsaId => TufKey.Rsa,
            var other => throw new CryptographicException($"keys of algorithm {other} are not used"),
        };
        return new TufCertificate(CommonNameOf(fields.Subject), fields.NotBefore, fields.NotAfter, type, PlainKeys.Normalized(type, fields.PublicKey))
        {
            IsAuthority = fields.IsAuthority,
            IsWeaklySigned = WeakSignatures.Contains(fields.SignatureAlgorithm),
        };
    }

    /// <summary>Of two names neither counts.</summary>
    private static string CommonNameOf(X500DistinguishedName subject)
    {
        var names = subject.EnumerateRelativeDistinguishedNames().Where(n => !n.HasMultipleElements && n.GetSingleElementType().Value == CommonNameId).ToList();
        return names.Count == 1 ? names[0].GetSingleElementValue() ?? "" : "";
    }
}

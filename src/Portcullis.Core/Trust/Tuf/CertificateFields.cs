using System.Formats.Asn1;
using System.Security.Cryptography.X509Certificates;

namespace Portcullis.Core.Trust.Tuf;

/// <summary>
/// The fields of a certificate (RFC 5280, section 4.1) that Notary goes by, read as DER, which is all that Notary itself reads. Neither its signature nor
/// its issuer says anything here: a key is trusted because a file lists it. The framework's reader builds the whole certificate, at a hundred times the cost.
/// </summary>
/// <param name="SignatureAlgorithm">Its object identifier.</param>
/// <param name="NotBefore">From when it is valid.</param>
/// <param name="NotAfter">Until when it is valid.</param>
/// <param name="Subject">Whose it is.</param>
/// <param name="PublicKey">The SubjectPublicKeyInfo.</param>
/// <param name="IsAuthority">Whether its basic constraints (section 4.2.1.9) let it sign others.</param>
internal sealed record CertificateFields(
    string SignatureAlgorithm, DateTimeOffset NotBefore, DateTimeOffset NotAfter, X500DistinguishedName Subject, byte[] PublicKey, bool IsAuthority)
{
    private const string BasicConstraints = "2.5.29.19";
    private static readonly Asn1Tag Version = new(TagClass.ContextSpecific, 0);
    private static readonly Asn1Tag Extensions = new(TagClass.ContextSpecific, 3);

    /// <exception cref="AsnContentException">It is no certificate.</exception>
    public static CertificateFields Read(ReadOnlyMemory<byte> der)
    {
        var file = new AsnReader(der, AsnEncodingRules.DER);
        var certificate = file.ReadSequence();
        file.ThrowIfNotEmpty();
        var signed = certificate.ReadSequence();
        var algorithm = certificate.ReadEncodedValue();
        certificate.ReadBitString(out _);
        certificate.ThrowIfNotEmpty();
        if (signed.PeekTag().HasSameClassAndValue(Version))
        {
            signed.ReadSequence(Version).ReadInteger();
        }

        signed.ReadInteger(); // its number
        if (!signed.ReadEncodedValue().Span.SequenceEqual(algorithm.Span))
        {
            throw new AsnContentException("it is not signed with the algorithm that it names (section 4.1.1.2)");
        }

        signed.ReadSequence(); // its issuer
        var validity = signed.ReadSequence();
        var (from, until) = (Time(validity), Time(validity));
        var subject = new X500DistinguishedName(signed.ReadEncodedValue().Span);
        var key = signed.ReadEncodedValue().ToArray();
        return new CertificateFields(new AsnReader(algorithm, AsnEncodingRules.DER).ReadSequence().ReadObjectIdentifier(), from, until, subject, key, IsAuthorityOf(signed));
    }

    private static DateTimeOffset Time(AsnReader validity) =>
        validity.PeekTag().HasSameClassAndValue(Asn1Tag.UtcTime) ? validity.ReadUtcTime() : validity.ReadGeneralizedTime();

    /// <summary>Past the unique identifiers, which nobody writes any more.</summary>
    private static bool IsAuthorityOf(AsnReader rest)
    {
        while (rest.HasData && !rest.PeekTag().HasSameClassAndValue(Extensions))
        {
            rest.ReadEncodedValue();
        }

        if (!rest.HasData)
        {
            return false;
        }

        var outer = rest.ReadSequence(Extensions);
        rest.ThrowIfNotEmpty();
        var (extensions, isAuthority) = (outer.ReadSequence(), false);
        while (extensions.HasData)
        {
            isAuthority |= LetsSignOthers(extensions.ReadSequence());
        }

        return isAuthority;
    }

    private static bool LetsSignOthers(AsnReader extension)
    {
        var name = extension.ReadObjectIdentifier();
        if (extension.PeekTag().HasSameClassAndValue(Asn1Tag.Boolean))
        {
            extension.ReadBoolean();
        }

        var value = extension.ReadOctetString();
        if (name != BasicConstraints)
        {
            return false;
        }

        var constraints = new AsnReader(value, AsnEncodingRules.DER).ReadSequence();
        return constraints.HasData && constraints.PeekTag().HasSameClassAndValue(Asn1Tag.Boolean) && constraints.ReadBoolean();
    }
}

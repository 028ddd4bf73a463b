using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Portcullis.Admission;

/// <summary>
/// The certificate of the webhook server and the authority that the API server trusts for it, as PEM; and the segment of the path by which the
/// server knows the API server (<see cref="AdmissionPaths"/>).
/// </summary>
internal sealed record ServingCertificate(string Certificate, string Key, string Authority, string Segment)
{
    private const int SegmentBytes = 32;

    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(365);

    /// <summary>Renewed when a third of its lifetime is left.</summary>
    private static readonly TimeSpan RenewBefore = Lifetime / 3;

    /// <summary>
    /// How long a segment is registered. The API server shows the path of a webhook that it cannot reach to whoever's request it was asked about, so that a segment
    /// does not stay secret while no copy of the program answers.
    /// </summary>
    private static readonly TimeSpan SegmentLife = TimeSpan.FromMinutes(15);

    /// <summary>The segment before the present one.</summary>
    public string? Replaced { get; init; }

    /// <summary>Since when the segment is in force; null when that is not known.</summary>
    public DateTimeOffset? SegmentSince { get; init; }

    public IEnumerable<string> Segments => Replaced is null ? [Segment] : [Segment, Replaced];

    /// <summary>
    /// Creates a pair. The authority's key is not kept, so it can never sign anything else. <paramref name="replaced"/> is what was in force
    /// until now: the API server gets both authorities and the server accepts both segments, so that calls during the change do not fail.
    /// </summary>
    public static ServingCertificate Create(IReadOnlyList<string> names, DateTimeOffset now, ServingCertificate? replaced = null)
    {
        using var authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var authorityRequest = new CertificateRequest("CN=portcullis-admission-ca", authorityKey, HashAlgorithmName.SHA256);
        authorityRequest.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, true));
        authorityRequest.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        using var authority = authorityRequest.CreateSelfSigned(now.AddMinutes(-5), now + Lifetime);

        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={names[0]}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], false));
        var alternatives = new SubjectAlternativeNameBuilder();
        foreach (var name in names)
        {
            if (IPAddress.TryParse(name, out var address))
            {
                alternatives.AddIpAddress(address);
            }
            else
            {
                alternatives.AddDnsName(name);
            }
        }

        request.CertificateExtensions.Add(alternatives.Build());
        using var certificate = request.Create(authority, now.AddMinutes(-5), now + Lifetime - TimeSpan.FromMinutes(1), RandomNumberGenerator.GetBytes(16));
        var authorities = authority.ExportCertificatePem() + "\n";
        return new ServingCertificate(
            certificate.ExportCertificatePem() + "\n",
            key.ExportPkcs8PrivateKeyPem() + "\n",
            replaced is null ? authorities : authorities + FirstOf(replaced.Authority),
            NewSegment())
        {
            Replaced = replaced is { Segment.Length: > 0 } ? replaced.Segment : null,
            SegmentSince = now,
        };
    }

    /// <summary>Whether it is time for another segment.</summary>
    public bool IsSegmentDue(DateTimeOffset now) => SegmentSince is not { } since || (now - since).Duration() > SegmentLife;

    /// <summary>With another segment; the one that was replaced before no longer counts.</summary>
    public ServingCertificate WithNewSegment(DateTimeOffset now) => this with { Segment = NewSegment(), Replaced = Segment, SegmentSince = now };

    /// <summary>Whether it is valid for these names and not due for renewal.</summary>
    public bool IsUsable(IReadOnlyList<string> names, DateTimeOffset now)
    {
        try
        {
            using var certificate = X509Certificate2.CreateFromPem(Certificate, Key);
            return Segment.Length > 0 && certificate.NotAfter.ToUniversalTime() - now.UtcDateTime > RenewBefore
                && names.All(n => certificate.MatchesHostname(n, allowWildcards: false, allowCommonName: false));
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            return false;
        }
    }

    /// <summary>In the form that Kestrel takes.</summary>
    public X509Certificate2 Load() => X509Certificate2.CreateFromPem(Certificate, Key);

    private static string NewSegment() => RandomNumberGenerator.GetHexString(2 * SegmentBytes, lowercase: true);

    private static string FirstOf(string authorities) =>
        PemEncoding.TryFind(authorities, out var fields) ? authorities[fields.Location] + "\n" : "";
}

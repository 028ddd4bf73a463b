using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Portcullis.Gateway.Serving;

/// <summary>Reads a certificate and finds out, before a client does, whether it can be used.</summary>
internal static class CertificateChecks
{
    /// <param name="pem">As it is kept.</param>
    /// <param name="source">For messages.</param>
    /// <param name="now">At which it must be valid.</param>
    /// <exception cref="CertificateException">It cannot be used.</exception>
    public static ShownCertificate Read(CertificatePem pem, string source, DateTimeOffset now)
    {
        var chain = Parse(pem.Chain, source);
        var certificate = WithKey(pem, source);
        if (now > certificate.NotAfter || now < certificate.NotBefore)
        {
            throw new CertificateException($"{source}: the certificate is valid from {certificate.NotBefore:u} to {certificate.NotAfter:u} only: renew it");
        }

        var authorities = pem.Authority is { } given ? Parse(given, source) : [chain[^1]];
        var intermediates = new X509Certificate2Collection(chain.Skip(1).Where(c => !IsSelfSigned(c)).ToArray());
        if (WhyBroken(certificate, intermediates, authorities, now) is { } why)
        {
            throw new CertificateException($"{source}: the certificate does not lead to its authority: {why}. Put the certificates between them after it, and the authority into ca.crt");
        }

        return new ShownCertificate(certificate, intermediates, string.Concat(authorities.Select(a => a.ExportCertificatePem() + "\n")));
    }

    /// <summary>The hosts that the certificate is not for.</summary>
    public static IReadOnlyList<string> NotNamed(X509Certificate2 certificate, IEnumerable<string> hosts) =>
        [.. hosts.Where(h => !certificate.MatchesHostname(h.LastIndexOf(':') is > 0 and var port ? h[..port] : h, allowWildcards: true, allowCommonName: false))];

    private static X509Certificate2Collection Parse(string pem, string source)
    {
        var read = new X509Certificate2Collection();
        try
        {
            read.ImportFromPem(pem);
        }
        catch (CryptographicException e)
        {
            throw new CertificateException($"{source}: a certificate cannot be read: {e.Message}", e);
        }

        return read.Count > 0 ? read : throw new CertificateException($"{source}: there is no certificate in PEM (BEGIN CERTIFICATE)");
    }

    private static X509Certificate2 WithKey(CertificatePem pem, string source)
    {
        try
        {
            return X509Certificate2.CreateFromPem(pem.Chain, pem.Key);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            throw new CertificateException($"{source}: the key does not belong to the first certificate, or is not in PEM without a password", e);
        }
    }

    private static string? WhyBroken(X509Certificate2 certificate, X509Certificate2Collection intermediates, X509Certificate2Collection authorities, DateTimeOffset now)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;

        // An authority that is itself signed by another, as an intermediate without its root is, ends the chain here.
        chain.ChainPolicy.VerificationFlags = X509VerificationFlags.AllowUnknownCertificateAuthority;
        chain.ChainPolicy.VerificationTime = now.UtcDateTime;
        chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
        chain.ChainPolicy.ExtraStore.AddRange(intermediates);
        return chain.Build(certificate) && chain.ChainElements.Any(e => authorities.Contains(e.Certificate))
            ? null
            : string.Join(' ', chain.ChainStatus.Select(s => s.StatusInformation.Trim()).DefaultIfEmpty("its issuer is not among the certificates given"));
    }

    private static bool IsSelfSigned(X509Certificate2 certificate) => certificate.SubjectName.RawData.AsSpan().SequenceEqual(certificate.IssuerName.RawData);
}

using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Portcullis.Tokens;

/// <summary>The key of <c>Registry.spec.upstream.signingSecretRef</c>: the registry accepts what it signs, because its certificate leads to one of the registry's <c>rootcertbundle</c>.</summary>
internal static class UpstreamKey
{
    /// <param name="key">The Secret's tls.key, in PEM.</param>
    /// <param name="chain">The Secret's tls.crt: certificates in PEM, the key's own first.</param>
    /// <exception cref="CryptographicException">They are not an ECDSA P-256 key and its certificate. The message holds nothing of the key.</exception>
    public static Es256Key Read(string key, string chain)
    {
        var ecdsa = Es256Key.FromPem(key);
        var certificates = new X509Certificate2Collection();
        try
        {
            certificates.ImportFromPem(chain);
            using var own = certificates.FirstOrDefault()?.GetECDsaPublicKey();
            if (own is null || !own.ExportSubjectPublicKeyInfo().AsSpan().SequenceEqual(ecdsa.ExportSubjectPublicKeyInfo()))
            {
                throw new CryptographicException("the first certificate of tls.crt is not that of tls.key");
            }

            return new Es256Key(ecdsa, [.. certificates.Select(c => c.RawData)]);
        }
        catch
        {
            ecdsa.Dispose();
            throw;
        }
        finally
        {
            foreach (var certificate in certificates)
            {
                certificate.Dispose();
            }
        }
    }
}

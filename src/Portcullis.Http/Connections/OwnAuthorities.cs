using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Portcullis.Http.Connections;

/// <summary>Certificates that are signed by a company's own authorities, and by no others.</summary>
public static class OwnAuthorities
{
    /// <summary>What a server's certificate is checked by.</summary>
    /// <param name="pem">The authorities' certificates in PEM.</param>
    /// <exception cref="CryptographicException">The text has no certificate, or one that cannot be read.</exception>
    public static X509ChainPolicy Policy(string pem)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.ImportFromPem(pem);
        return policy.CustomTrustStore.Count > 0 ? policy : throw new CryptographicException("it has no certificate in PEM");
    }
}

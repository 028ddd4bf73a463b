using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Portcullis.ApiServer.Authentication;

/// <summary>
/// Users by TLS client certificate of the server's own CA: the subject's CN is the user, each O a group
/// (https://kubernetes.io/docs/reference/access-authn-authz/authentication/#x509-client-certificates).
/// </summary>
internal sealed class ClientCertificateAuthenticator(X509Certificate2 authority, TimeProvider time)
{
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";
    private const string CommonName = "2.5.4.3";
    private const string OrganizationName = "2.5.4.10";

    // A connection keeps its certificate: building the chain once for each saves a millisecond a request.
    private readonly ConditionalWeakTable<X509Certificate2, UserInfo> _known = [];

    /// <summary>Null when the certificate is not of our CA, has expired, is not for clients, or names nobody.</summary>
    public UserInfo? Authenticate(X509Certificate2 certificate)
    {
        if (_known.TryGetValue(certificate, out var known))
        {
            return time.GetUtcNow() < certificate.NotAfter.ToUniversalTime() ? known : null;
        }

        if (Verify(certificate) is not { } user)
        {
            return null;
        }

        _ = _known.TryAdd(certificate, user);
        return user;
    }

    private UserInfo? Verify(X509Certificate2 certificate)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        _ = chain.ChainPolicy.CustomTrustStore.Add(authority);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.VerificationTime = time.GetUtcNow().UtcDateTime;
        _ = chain.ChainPolicy.ApplicationPolicy.Add(new Oid(ClientAuthentication));
        if (!chain.Build(certificate))
        {
            return null;
        }

        var (user, groups) = ReadSubject(certificate.SubjectName);
        return user.Length == 0
            ? null
            : TokenAuthenticators.WithAuthenticated(new UserInfo(user, groups)
            {
                Extra = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal)
                {
                    ["authentication.kubernetes.io/credential-id"] = [$"X509SHA256={Convert.ToHexStringLower(SHA256.HashData(certificate.RawData))}"],
                },
            });
    }

    private static (string User, List<string> Groups) ReadSubject(X500DistinguishedName subject)
    {
        var user = "";
        var groups = new List<string>();
        foreach (var part in subject.EnumerateRelativeDistinguishedNames(reversed: false))
        {
            if (part.HasMultipleElements || part.GetSingleElementValue() is not { } value)
            {
                continue;
            }

            switch (part.GetSingleElementType().Value)
            {
                case CommonName:
                    user = value;
                    break;
                case OrganizationName:
                    groups.Add(value);
                    break;
            }
        }

        return (user, groups);
    }
}

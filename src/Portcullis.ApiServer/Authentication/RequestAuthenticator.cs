using System.Security.Cryptography.X509Certificates;

namespace Portcullis.ApiServer.Authentication;

/// <summary>
/// Who sends a request: by client certificate, else by bearer token. Nobody is nobody: the anonymous user is off
/// (<c>--anonymous-auth=false</c>), so null is answered with 401.
/// </summary>
internal sealed class RequestAuthenticator(ClientCertificateAuthenticator certificates, ITokenAuthenticator tokens)
{
    private static readonly IReadOnlyList<string> ForThisServer = [TokenAuthenticators.ApiAudience];

    public UserInfo? Authenticate(string? authorization, X509Certificate2? certificate)
    {
        if (certificate is not null && certificates.Authenticate(certificate) is { } byCertificate)
        {
            return byCertificate;
        }

        const string scheme = "Bearer ";
        return authorization is not null && authorization.StartsWith(scheme, StringComparison.OrdinalIgnoreCase)
            ? tokens.Authenticate(authorization[scheme.Length..].Trim(), ForThisServer).User
            : null;
    }
}

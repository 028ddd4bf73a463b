namespace Portcullis.Http.Credentials;

/// <summary>The one server that a credential was issued for: scheme, host and port. Pure.</summary>
public sealed class CredentialBinding
{
    private readonly Uri _server;
    private readonly bool _overPlainHttp;

    private CredentialBinding(Uri server, bool overPlainHttp)
    {
        _server = server;
        _overPlainHttp = overPlainHttp;
    }

    /// <summary>A credential that is shown over TLS alone.</summary>
    public static CredentialBinding To(Uri server) => new(server, overPlainHttp: false);

    /// <summary>A credential that is also shown without TLS, because the user has configured such a server.</summary>
    public static CredentialBinding ToEvenOverPlainHttp(Uri server) => new(server, overPlainHttp: true);

    /// <summary>Whether a request to this URL may carry the credential.</summary>
    public bool Covers(Uri request) =>
        request.IsAbsoluteUri
        && request.Scheme == _server.Scheme
        && (request.Scheme == Uri.UriSchemeHttps || (_overPlainHttp && request.Scheme == Uri.UriSchemeHttp))
        && Host(request) == Host(_server)
        && request.Port == _server.Port;

    private static string Host(Uri url) => url.IdnHost.TrimEnd('.').ToLowerInvariant();
}

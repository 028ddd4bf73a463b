using System.DirectoryServices.Protocols;
using System.Net;
using Portcullis.Core.Identity;

namespace Portcullis.Identity.Directories;

/// <summary>
/// One connection to a directory: over TLS, without following referrals, and with an end to every wait. The native library that .NET uses for it
/// (libldap) blocks, so all of this runs on a thread of its own.
/// </summary>
internal sealed class LdapCall : IDisposable
{
    /// <summary>RFC 4511, appendix A; the library has no name for it.</summary>
    private const int InvalidCredentials = 49;

    /// <summary>RFC 4511, section 4.5.1.8.</summary>
    private const string NoAttribute = "1.1";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly LdapConnection _connection;

    /// <param name="directory">Where.</param>
    /// <param name="authorities">A folder with the certificates that sign the server's; null for those of the system.</param>
    /// <exception cref="LdapException">It cannot be reached, or its certificate does not count.</exception>
    public LdapCall(LdapDirectory directory, string? authorities)
    {
        var url = new Uri(directory.Url);
        var isTls = url.Scheme == "ldaps";
        _connection = new LdapConnection(new LdapDirectoryIdentifier(url.IdnHost, PortOf(url))) { AuthType = AuthType.Basic, AutoBind = false, Timeout = Patience };
        try
        {
            var session = _connection.SessionOptions;
            session.ProtocolVersion = 3;
            session.ReferralChasing = ReferralChasingOptions.None;
            if (authorities is not null)
            {
                session.TrustedCertificatesDirectory = authorities;
                session.StartNewTlsSessionContext();
            }

            if (isTls)
            {
                session.SecureSocketLayer = true;
            }
            else if (directory.StartTls == true)
            {
                Connect();
                session.StartTransportLayerSecurity(null);
            }
        }
        catch
        {
            _connection.Dispose();
            throw;
        }
    }

    /// <summary>389 and 636 are those of LDAP without and with TLS.</summary>
    public static int PortOf(Uri url) => url.Port > 0 ? url.Port : url.Scheme == "ldaps" ? 636 : 389;

    /// <summary>False when the directory says that the password is wrong, or that there is no such entry.</summary>
    /// <exception cref="LdapException">Anything else.</exception>
    public bool TryBind(string name, string password)
    {
        // A simple bind without a password is an anonymous one, which succeeds (RFC 4513, section 5.1.2).
        if (name.Length == 0 || password.Length == 0)
        {
            return false;
        }

        try
        {
            _connection.Bind(new NetworkCredential(name, password));
            return true;
        }
        catch (LdapException e) when (e.ErrorCode is (int)ResultCode.NoSuchObject or (int)ResultCode.InappropriateAuthentication or InvalidCredentials)
        {
            return false;
        }
    }

    /// <summary>At most two entries: with a second one it is not known who is meant.</summary>
    public IReadOnlyList<SearchResultEntry> Search(string from, string filter, SearchScope scope, params string[] attributes)
    {
        var request = new SearchRequest(from, filter, scope, attributes) { SizeLimit = 2, TimeLimit = Patience };
        try
        {
            return [.. ((SearchResponse)_connection.SendRequest(request, Patience)).Entries.Cast<SearchResultEntry>()];
        }
        catch (DirectoryOperationException e) when (e.Response is SearchResponse { ResultCode: ResultCode.SizeLimitExceeded } partial)
        {
            return [.. partial.Entries.Cast<SearchResultEntry>()];
        }
    }

    public void Dispose() => _connection.Dispose();

    /// <summary>TLS can be begun only on a connection, which the library makes for the first request: an anonymous one, whatever its answer.</summary>
    private void Connect()
    {
        try
        {
            _connection.SendRequest(new SearchRequest("", "(objectClass=*)", SearchScope.Base, NoAttribute), Patience);
        }
        catch (DirectoryOperationException)
        {
            // A server that answers nothing without TLS.
        }
    }
}

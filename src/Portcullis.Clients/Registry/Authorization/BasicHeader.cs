using System.Net.Http.Headers;
using System.Text;

namespace Portcullis.Clients.Registry.Authorization;

/// <summary>User and password as a header (RFC 7617). Pure.</summary>
public static class BasicHeader
{
    /// <summary>Null for a credential of another kind.</summary>
    public static AuthenticationHeaderValue? Of(RegistryCredential? credential) =>
        credential is RegistryCredential.Basic basic
            ? new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{basic.User}:{basic.Password}")))
            : null;
}

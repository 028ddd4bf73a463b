using System.Net;
using Portcullis.Http.Credentials;
using Portcullis.Kubernetes.Connection;

namespace Portcullis.Kubernetes.Http;

/// <summary>
/// Shows the server the credential of the moment and whom we act as; after a 401 asks once for a newer one. A request to any other server
/// shows neither.
/// </summary>
internal sealed class AuthenticationHandler(CredentialBinding server, ICredentialSource credentials, Impersonation? impersonation) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.RequestUri is not { } url || !server.Covers(url))
        {
            return await base.SendAsync(request, cancellationToken);
        }

        if (impersonation is not null && !request.Headers.Contains("Impersonate-User"))
        {
            Impersonate(request, impersonation);
        }

        var credential = await credentials.GetAsync(cancellationToken);
        request.Headers.Authorization = credential.Authorization;
        var response = await base.SendAsync(request, cancellationToken);
        if (response.StatusCode != HttpStatusCode.Unauthorized || !credentials.Refused(credential))
        {
            return response;
        }

        response.Dispose();
        request.Headers.Authorization = (await credentials.GetAsync(cancellationToken)).Authorization;
        return await base.SendAsync(request, cancellationToken);
    }

    private static void Impersonate(HttpRequestMessage request, Impersonation impersonation)
    {
        request.Headers.TryAddWithoutValidation("Impersonate-User", impersonation.User);
        if (impersonation.Uid is { } uid)
        {
            request.Headers.TryAddWithoutValidation("Impersonate-Uid", uid);
        }

        if (impersonation.Groups.Count > 0)
        {
            request.Headers.TryAddWithoutValidation("Impersonate-Group", HeaderLines.Join(impersonation.Groups));
        }

        foreach (var (name, values) in impersonation.Extra)
        {
            // Header names admit few characters; the API decodes the rest from percent form.
            request.Headers.TryAddWithoutValidation($"Impersonate-Extra-{Uri.EscapeDataString(name)}", HeaderLines.Join(values));
        }
    }
}

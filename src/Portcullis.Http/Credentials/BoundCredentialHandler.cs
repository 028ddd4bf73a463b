using System.Net.Http.Headers;

namespace Portcullis.Http.Credentials;

/// <summary>
/// Adds a credential to the requests to the server it was issued for, and takes it off every other: a handler outside of this one may have
/// pointed a request elsewhere. What the caller has put on a request stays.
/// </summary>
public sealed class BoundCredentialHandler(CredentialBinding binding, AuthenticationHeaderValue credential) : DelegatingHandler
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.Headers.Authorization is null || request.Headers.Authorization.Equals(credential))
        {
            request.Headers.Authorization = request.RequestUri is { } url && binding.Covers(url) ? credential : null;
        }

        return base.SendAsync(request, cancellationToken);
    }
}

using Microsoft.AspNetCore.Http;
using Portcullis.Core.Registries;
using Portcullis.Core.Registries.Requests;
using Portcullis.Gateway.Answers;
using Portcullis.Gateway.Serving;

namespace Portcullis.Gateway;

/// <summary>What nobody needs a token for: tokens themselves, and the authority of the gateway's certificate (<c>notary</c> and Docker's set-up fetch it from <c>/ca</c>).</summary>
internal sealed class OpenPaths(ITokenEndpoint tokens, IShownCertificate certificate)
{
    public Task AnswerAsync(HttpContext http, Registry registry, RegistryRequest request) =>
        request is RegistryRequest.Token ? tokens.AnswerAsync(http, registry) : AuthorityAsync(http);

    private Task AuthorityAsync(HttpContext http)
    {
        if (certificate.Authority is not { } authority)
        {
            return JsonAnswer.ErrorAsync(http, new RegistryError(RegistryError.NotFound, "UNSUPPORTED", "this gateway shows no certificate of its own"));
        }

        http.Response.ContentType = "application/x-pem-file";
        return http.Response.WriteAsync(authority, http.RequestAborted);
    }
}

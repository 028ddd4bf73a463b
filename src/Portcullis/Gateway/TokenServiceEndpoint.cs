using Microsoft.AspNetCore.Http;
using Portcullis.Core.Registries;
using Portcullis.TokenService;

namespace Portcullis.Gateway;

/// <summary>The token service under the gateway's own address.</summary>
internal sealed class TokenServiceEndpoint(TokenEndpoint service) : ITokenEndpoint
{
    /// <summary>The service finds the registry itself, by the parameter <c>service</c> of the request.</summary>
    public Task AnswerAsync(HttpContext http, Registry registry) => service.HandleAsync(http);
}

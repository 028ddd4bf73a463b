using Microsoft.AspNetCore.Http;
using Portcullis.Core.Registries;

namespace Portcullis.Gateway;

/// <summary>Answers requests for tokens (<c>/token</c>).</summary>
internal interface ITokenEndpoint
{
    Task AnswerAsync(HttpContext http, Registry registry);
}

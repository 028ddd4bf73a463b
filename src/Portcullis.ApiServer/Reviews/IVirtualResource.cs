using System.Text.Json.Nodes;
using Portcullis.ApiServer.Authentication;
using Portcullis.ApiServer.Http;

namespace Portcullis.ApiServer.Reviews;

/// <summary>
/// A kind that can be created but is never stored: the answer is computed from the question (access reviews, token requests).
/// <see cref="Resource"/>'s plural has the form <c>parent/subresource</c> where it hangs below another kind
/// (<c>serviceaccounts/token</c>).
/// </summary>
internal interface IVirtualResource
{
    ApiResource Resource { get; }

    /// <summary>Answers with the whole object; throws <c>StatusException</c> for anything that is not a 201.</summary>
    Task<JsonObject> CreateAsync(UserInfo user, RequestAttributes attributes, JsonObject body, CancellationToken cancellationToken);
}

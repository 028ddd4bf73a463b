using System.Text.Json.Nodes;
using Portcullis.ApiServer.Authentication;
using Portcullis.ApiServer.Errors;
using Portcullis.ApiServer.Http;
using Portcullis.Objects.Json;

namespace Portcullis.ApiServer.Reviews;

/// <summary>Whose token is this, and for which of these audiences is it good?</summary>
internal sealed class TokenReview(ITokenAuthenticator tokens) : IVirtualResource
{
    public ApiResource Resource { get; } = new("authentication.k8s.io", "v1", "TokenReview", "tokenreviews", false);

    public Task<JsonObject> CreateAsync(UserInfo user, RequestAttributes attributes, JsonObject body, CancellationToken cancellationToken)
    {
        var spec = ReviewAnswer.Spec(body);
        if (spec.String("token") is not { Length: > 0 } token)
        {
            throw StatusException.BadRequest("token is required for TokenReview in authentication");
        }

        IReadOnlyList<string> audiences = spec.Strings("audiences") is { Count: > 0 } asked ? asked : [TokenAuthenticators.ApiAudience];
        var answer = tokens.Authenticate(token, audiences);
        var status = answer.User is { } owner
            ? new JsonObject { ["authenticated"] = true, ["user"] = owner.ToJson(), ["audiences"] = KubernetesJson.ToArray(answer.Audiences) }
            : new JsonObject { ["user"] = new JsonObject(), ["error"] = answer.Problem };
        return Task.FromResult(ReviewAnswer.Of(Resource, body.Object("metadata"), ReviewAnswer.Copy(spec, "token", "audiences"), status));
    }
}

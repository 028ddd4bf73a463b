using System.Text.Json.Nodes;
using Portcullis.ApiServer.Authentication;
using Portcullis.ApiServer.Authorization;
using Portcullis.ApiServer.Errors;
using Portcullis.ApiServer.Http;
using Portcullis.Objects.Json;

namespace Portcullis.ApiServer.Reviews;

/// <summary>What may I do in this namespace? (<c>kubectl auth can-i --list</c>)</summary>
internal sealed class SelfSubjectRulesReview(RbacAuthorizer authorizer) : IVirtualResource
{
    public ApiResource Resource { get; } = new(AccessReviewSpec.GroupName, "v1", "SelfSubjectRulesReview", "selfsubjectrulesreviews", false);

    public Task<JsonObject> CreateAsync(UserInfo user, RequestAttributes attributes, JsonObject body, CancellationToken cancellationToken)
    {
        if (ReviewAnswer.Spec(body).String("namespace") is not { Length: > 0 } @namespace)
        {
            throw StatusException.BadRequest("no namespace on request");
        }

        var (rules, errors) = authorizer.RulesFor(user, @namespace);
        var status = new JsonObject
        {
            ["resourceRules"] = Rules(rules.Where(rule => rule.NonResourceUrls.Count == 0)),
            ["nonResourceRules"] = Rules(rules.Where(rule => rule.NonResourceUrls.Count > 0)),
            ["incomplete"] = false,
        };
        if (errors.Count > 0)
        {
            status["evaluationError"] = errors.Count == 1 ? errors[0] : $"[{string.Join(", ", errors)}]";
        }

        // The answer is a new object: neither the question's metadata nor its spec comes back.
        return Task.FromResult(ReviewAnswer.Of(Resource, null, [], status));
    }

    private static JsonArray Rules(IEnumerable<PolicyRule> rules) => new([.. rules.Select(rule => (JsonNode)rule.ToJson())]);
}

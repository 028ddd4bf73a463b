using System.Text.Json.Nodes;
using Portcullis.ApiServer.Authentication;
using Portcullis.ApiServer.Authorization;
using Portcullis.ApiServer.Http;
using Portcullis.Objects.Json;
using Portcullis.Schemas.Structural;

namespace Portcullis.ApiServer.Reviews;

/// <summary>
/// Answers access reviews with the authorizer that also decides requests: about anybody (SubjectAccessReview), about anybody in one namespace
/// (LocalSubjectAccessReview) or about oneself (SelfSubjectAccessReview).
/// </summary>
internal sealed class AccessReview : IVirtualResource
{
    private readonly RbacAuthorizer _authorizer;
    private readonly bool _aboutSelf;

    private AccessReview(RbacAuthorizer authorizer, string kind, bool aboutSelf, bool isLocal)
    {
        _authorizer = authorizer;
        _aboutSelf = aboutSelf;
        Resource = new ApiResource(AccessReviewSpec.GroupName, "v1", kind, kind.ToLowerInvariant() + "s", isLocal);
    }

    public ApiResource Resource { get; }

    public static AccessReview OfAnybody(RbacAuthorizer authorizer) => new(authorizer, "SubjectAccessReview", aboutSelf: false, isLocal: false);

    public static AccessReview InNamespace(RbacAuthorizer authorizer) => new(authorizer, "LocalSubjectAccessReview", aboutSelf: false, isLocal: true);

    public static AccessReview OfSelf(RbacAuthorizer authorizer) => new(authorizer, "SelfSubjectAccessReview", aboutSelf: true, isLocal: false);

    public Task<JsonObject> CreateAsync(UserInfo user, RequestAttributes attributes, JsonObject body, CancellationToken cancellationToken)
    {
        var spec = ReviewAnswer.Spec(body);
        AccessReviewSpec.Validate(spec, needsUser: !_aboutSelf);
        if (Resource.Namespaced)
        {
            ValidateNamespace(spec, attributes.Namespace);
        }

        var subject = _aboutSelf ? user : AccessReviewSpec.User(spec);
        var decision = _authorizer.Authorize(subject, AccessReviewSpec.Attributes(spec));
        var status = new JsonObject { ["allowed"] = decision.Allowed };
        if (decision.Reason.Length > 0)
        {
            status["reason"] = decision.Reason;
        }

        return Task.FromResult(ReviewAnswer.Of(Resource, body.Object("metadata"), AccessReviewSpec.Echo(spec), status));
    }

    private static void ValidateNamespace(JsonObject spec, string @namespace)
    {
        if (spec["nonResourceAttributes"] is JsonObject nonResource)
        {
            throw ReviewAnswer.Invalid(AccessReviewSpec.GroupName, [new FieldError(
                "FieldValueInvalid",
                "spec.nonResourceAttributes",
                $"Invalid value: {KubernetesJson.ToText(nonResource)}: disallowed on this kind of request")]);
        }

        if ((spec.Object("resourceAttributes").String("namespace") ?? "") is var asked && asked != @namespace)
        {
            throw ReviewAnswer.Invalid(AccessReviewSpec.GroupName, [new FieldError(
                "FieldValueInvalid",
                "spec.resourceAttributes.namespace",
                $"Invalid value: {KubernetesJson.ToText(JsonValue.Create(asked))}: must match metadata.namespace")]);
        }
    }
}

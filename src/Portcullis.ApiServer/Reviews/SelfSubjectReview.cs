using System.Text.Json.Nodes;
using Portcullis.ApiServer.Authentication;
using Portcullis.ApiServer.Http;
using Portcullis.Objects.Json;

namespace Portcullis.ApiServer.Reviews;

/// <summary>Who am I? (<c>kubectl auth whoami</c>)</summary>
internal sealed class SelfSubjectReview(TimeProvider time) : IVirtualResource
{
    public ApiResource Resource { get; } = new("authentication.k8s.io", "v1", "SelfSubjectReview", "selfsubjectreviews", false);

    public Task<JsonObject> CreateAsync(UserInfo user, RequestAttributes attributes, JsonObject body, CancellationToken cancellationToken) =>
        Task.FromResult(new JsonObject
        {
            ["kind"] = Resource.Kind,
            ["apiVersion"] = Resource.ApiVersion,
            ["metadata"] = new JsonObject { ["creationTimestamp"] = KubernetesJson.Time(time.GetUtcNow()) },
            ["status"] = new JsonObject { ["userInfo"] = user.ToJson() },
        });
}

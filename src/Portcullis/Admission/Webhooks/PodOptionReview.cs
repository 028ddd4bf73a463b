using System.Text.Json.Nodes;
using Portcullis.Core;
using Portcullis.Core.Roles;
using Portcullis.Kubernetes.Client;
using Portcullis.Objects.Json;

namespace Portcullis.Admission.Webhooks;

/// <summary>
/// Whether a user may use a pod option (see <see cref="PodOptions"/>). The API server is asked, so that every binding of the user counts.
/// </summary>
internal sealed class PodOptionReview(KubernetesClient client)
{
    private const string Path = "/apis/authorization.k8s.io/v1/subjectaccessreviews";

    public async Task<bool> MayUseAsync(AdmissionRequest request, string option, CancellationToken cancellationToken)
    {
        var review = await client.PostAsync(
            Path,
            new JsonObject { ["apiVersion"] = "authorization.k8s.io/v1", ["kind"] = "SubjectAccessReview", ["spec"] = Spec(request, option) },
            cancellationToken);
        return review.Object("status")?["allowed"] is JsonValue allowed && allowed.TryGetValue(out bool yes) && yes;
    }

    private static JsonObject Spec(AdmissionRequest request, string option)
    {
        var spec = new JsonObject
        {
            ["user"] = request.User,
            ["groups"] = new JsonArray([.. request.Groups.Select(g => (JsonNode)JsonValue.Create(g))]),
            ["extra"] = request.Extra.DeepClone(),
            ["resourceAttributes"] = new JsonObject
            {
                ["namespace"] = request.Key.Namespace,
                ["group"] = WellKnown.Group,
                ["version"] = WellKnown.Version,
                ["resource"] = PodOptions.Resource,
                ["name"] = option,
                ["verb"] = PodOptions.Verb,
            },
        };
        if (request.UserUid is { } uid)
        {
            spec["uid"] = uid;
        }

        return spec;
    }
}

using System.Text.Json.Nodes;
using Portcullis.Kubernetes.Client;
using Portcullis.Objects.Json;

namespace Portcullis.Admission;

/// <summary>Asks the API server whether the user of a request may do something, so that every binding of the user counts.</summary>
internal sealed class CallerReview(KubernetesClient client)
{
    private const string Path = "/apis/authorization.k8s.io/v1/subjectaccessreviews";

    /// <summary><paramref name="attributes"/>: the <c>resourceAttributes</c> of a SubjectAccessReview.</summary>
    public async Task<bool> MayAsync(AdmissionRequest request, JsonObject attributes, CancellationToken cancellationToken)
    {
        var review = await client.PostAsync(
            Path,
            new JsonObject { ["apiVersion"] = "authorization.k8s.io/v1", ["kind"] = "SubjectAccessReview", ["spec"] = Spec(request, attributes) },
            cancellationToken);
        return review.Object("status")?["allowed"] is JsonValue allowed && allowed.TryGetValue(out bool yes) && yes;
    }

    private static JsonObject Spec(AdmissionRequest request, JsonObject attributes)
    {
        var spec = new JsonObject
        {
            ["user"] = request.User,
            ["groups"] = new JsonArray([.. request.Groups.Select(g => (JsonNode)JsonValue.Create(g))]),
            ["extra"] = request.Extra.DeepClone(),
            ["resourceAttributes"] = attributes,
        };
        if (request.UserUid is { } uid)
        {
            spec["uid"] = uid;
        }

        return spec;
    }
}

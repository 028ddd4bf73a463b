using System.Text.Json.Nodes;
using Portcullis.Objects.Json;

namespace Portcullis.Admission;

/// <summary>The decision of a webhook; a mutating one may add a JSON patch.</summary>
internal sealed record AdmissionResponse(bool Allowed, string? Message = null, JsonArray? Patch = null)
{
    public static AdmissionResponse Admit { get; } = new(true);

    public static AdmissionResponse Deny(string message) => new(false, message);

    public JsonObject ToReview(string uid)
    {
        var response = new JsonObject { ["uid"] = uid, ["allowed"] = Allowed };
        if (Message is not null)
        {
            response["status"] = new JsonObject { ["code"] = 403, ["reason"] = "Forbidden", ["message"] = Message };
        }

        if (Patch is { Count: > 0 })
        {
            response["patchType"] = "JSONPatch";
            response["patch"] = Convert.ToBase64String(KubernetesJson.ToBytes(Patch));
        }

        return new JsonObject { ["apiVersion"] = "admission.k8s.io/v1", ["kind"] = "AdmissionReview", ["response"] = response };
    }
}

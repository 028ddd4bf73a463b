using System.Text.Json.Nodes;
using Portcullis.Objects.Json;

namespace Portcullis.Admission;

/// <summary>The decision of a webhook; a mutating one may add a JSON patch.</summary>
internal sealed record AdmissionResponse(bool Allowed, string? Message = null, JsonArray? Patch = null)
{
    private const int MostWarnings = 10;

    /// <summary>The API server cuts longer ones, and drops what is above 4096 characters in all.</summary>
    private const int LongestWarning = 256;

    public static AdmissionResponse Admit { get; } = new(true);

    /// <summary>What the user is shown beside the decision.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    public static AdmissionResponse Deny(string message) => new(false, message);

    public JsonObject ToReview(string uid)
    {
        var response = new JsonObject { ["uid"] = uid, ["allowed"] = Allowed };
        if (Message is not null)
        {
            response["status"] = new JsonObject { ["code"] = 403, ["reason"] = "Forbidden", ["message"] = Message };
        }

        if (Warnings.Count > 0)
        {
            response["warnings"] = KubernetesJson.ToArray(Warnings.Take(MostWarnings).Select(w => w.Length <= LongestWarning ? w : w[..(LongestWarning - 1)] + "…"));
        }

        if (Patch is { Count: > 0 })
        {
            response["patchType"] = "JSONPatch";
            response["patch"] = Convert.ToBase64String(KubernetesJson.ToBytes(Patch));
        }

        return new JsonObject { ["apiVersion"] = "admission.k8s.io/v1", ["kind"] = "AdmissionReview", ["response"] = response };
    }
}

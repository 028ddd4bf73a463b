using System.Text.Json.Nodes;
using Portcullis.Objects.Json;

namespace Portcullis.Admission;

/// <summary>What the API server asks (admission.k8s.io/v1 AdmissionRequest), as far as our webhooks look at it.</summary>
internal sealed record AdmissionCall
{
    public required string Uid { get; init; }

    /// <summary>CREATE, UPDATE or DELETE.</summary>
    public required string Operation { get; init; }

    public required string Group { get; init; }

    public required string Resource { get; init; }

    public string Subresource { get; init; } = "";

    public required string Kind { get; init; }

    public required ObjectKey Key { get; init; }

    public required string User { get; init; }

    public string? UserUid { get; init; }

    public IReadOnlyList<string> Groups { get; init; } = [];

    public JsonObject Extra { get; init; } = [];

    public JsonObject? Object { get; init; }

    public JsonObject? OldObject { get; init; }

    public bool DryRun { get; init; }

    /// <summary>Plural and group, as <see cref="ApiResource.QualifiedPlural"/>.</summary>
    public string QualifiedPlural => Group.Length == 0 ? Resource : $"{Resource}.{Group}";

    /// <summary>Null when it is no AdmissionReview of version v1.</summary>
    public static AdmissionCall? Read(JsonNode? review)
    {
        if (review.String("apiVersion") != "admission.k8s.io/v1" || review.Object("request") is not { } request || request.String("uid") is not { } uid)
        {
            return null;
        }

        var user = request.Object("userInfo");
        return new AdmissionCall
        {
            Uid = uid,
            Operation = request.String("operation") ?? "",
            Group = request.Object("resource").String("group") ?? "",
            Resource = request.Object("resource").String("resource") ?? "",
            Subresource = request.String("subResource") ?? "",
            Kind = request.Object("kind").String("kind") ?? "",
            Key = new ObjectKey(KeyNamespace(request), request.String("name") ?? request.Object("object").Object("metadata").String("name") ?? ""),
            User = user.String("username") ?? "",
            UserUid = user.String("uid"),
            Groups = [.. (user.Array("groups") ?? []).Select(g => g?.GetValue<string>()).OfType<string>()],
            Extra = user.Object("extra") ?? [],
            Object = request.Object("object"),
            OldObject = request.Object("oldObject"),
            DryRun = request["dryRun"] is JsonValue value && value.TryGetValue(out bool dry) && dry,
        };
    }

    /// <summary>For a Namespace itself the request's namespace is its own name; its key has none.</summary>
    private static string KeyNamespace(JsonObject request) =>
        request.Object("resource").String("resource") == "namespaces" && request.Object("resource").String("group") is null or ""
            && request.Object("kind").String("kind") == "Namespace"
            ? ""
            : request.String("namespace") ?? "";
}

/// <summary>What we answer.</summary>
internal sealed record AdmissionAnswer(bool Allowed, string? Message = null, JsonArray? Patch = null)
{
    public static AdmissionAnswer Yes { get; } = new(true);

    public static AdmissionAnswer No(string message) => new(false, message);

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

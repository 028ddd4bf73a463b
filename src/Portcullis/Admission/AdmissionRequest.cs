using System.Text.Json.Nodes;
using Portcullis.Objects.Json;

namespace Portcullis.Admission;

/// <summary>A request that the API server asks about (admission.k8s.io/v1 AdmissionRequest), as far as our webhooks need it.</summary>
internal sealed record AdmissionRequest
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

    /// <summary>By a kubelet, which may only create mirror pods of its own static pods (NodeRestriction enforces it).</summary>
    public bool IsByNode => Groups.Contains("system:nodes");

    /// <summary>
    /// By a controller of Kubernetes that creates pods from templates, which were checked when their author wrote them. Each is listed by
    /// name, since the groups that they are in contain other users too.
    /// </summary>
    public bool IsByWorkloadController => User is "system:kube-controller-manager"
        or "system:serviceaccount:kube-system:deployment-controller"
        or "system:serviceaccount:kube-system:replicaset-controller"
        or "system:serviceaccount:kube-system:replication-controller"
        or "system:serviceaccount:kube-system:statefulset-controller"
        or "system:serviceaccount:kube-system:daemon-set-controller"
        or "system:serviceaccount:kube-system:job-controller"
        or "system:serviceaccount:kube-system:cronjob-controller";

    /// <summary>Plural and group, as <see cref="ApiResource.QualifiedPlural"/>.</summary>
    public string QualifiedPlural => Group.Length == 0 ? Resource : $"{Resource}.{Group}";

    /// <summary>Null when it is not an AdmissionReview of version v1.</summary>
    public static AdmissionRequest? Read(JsonNode? review)
    {
        if (review.String("apiVersion") != "admission.k8s.io/v1" || review.Object("request") is not { } request || request.String("uid") is not { } uid)
        {
            return null;
        }

        var user = request.Object("userInfo");
        return new AdmissionRequest
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

    /// <summary>A request about a Namespace has its own name as namespace; its key has none.</summary>
    private static string KeyNamespace(JsonObject request) =>
        request.Object("resource").String("resource") == "namespaces" && request.Object("resource").String("group") is null or ""
            && request.Object("kind").String("kind") == "Namespace"
            ? ""
            : request.String("namespace") ?? "";
}

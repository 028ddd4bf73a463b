using System.Text.Json;
using System.Text.Json.Nodes;

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
    /// <param name="review">Objects are read from it as far as they are looked into: it must stay as long as the request.</param>
    public static AdmissionRequest? Read(JsonElement review)
    {
        try
        {
            return Text(review, "apiVersion") == "admission.k8s.io/v1" && Member(review, "request") is { ValueKind: JsonValueKind.Object } request && Text(request, "uid") is { } uid
                ? Read(request, uid)
                : null;
        }
        catch (InvalidOperationException)
        {
            return null; // a text that is half of a surrogate pair
        }
    }

    private static AdmissionRequest Read(JsonElement request, string uid)
    {
        var (resource, user) = (Member(request, "resource"), Member(request, "userInfo"));
        return new AdmissionRequest
        {
            Uid = uid,
            Operation = Text(request, "operation") ?? "",
            Group = Text(resource, "group") ?? "",
            Resource = Text(resource, "resource") ?? "",
            Subresource = Text(request, "subResource") ?? "",
            Kind = Text(Member(request, "kind"), "kind") ?? "",
            Key = new ObjectKey(KeyNamespace(request), NameIn(request)),
            User = Text(user, "username") ?? "",
            UserUid = Text(user, "uid"),
            Groups = Texts(user, "groups"),
            Extra = ObjectOf(user, "extra") ?? [],
            Object = ObjectOf(request, "object"),
            OldObject = ObjectOf(request, "oldObject"),
            DryRun = Member(request, "dryRun").ValueKind == JsonValueKind.True,
        };
    }

    /// <summary>A request to delete a whole collection has no name, and one to create by generateName has none yet: what it is about has.</summary>
    private static string NameIn(JsonElement request) =>
        NonEmpty(Text(request, "name"))
        ?? NonEmpty(Text(Member(Member(request, "object"), "metadata"), "name"))
        ?? Text(Member(Member(request, "oldObject"), "metadata"), "name")
        ?? "";

    /// <summary>A request about a Namespace has its own name as namespace; its key has none.</summary>
    private static string KeyNamespace(JsonElement request) =>
        Text(Member(request, "resource"), "resource") == "namespaces" && Text(Member(request, "resource"), "group") is null or ""
            && Text(Member(request, "kind"), "kind") == "Namespace"
            ? ""
            : Text(request, "namespace") ?? "";

    private static string? NonEmpty(string? text) => text is { Length: > 0 } ? text : null;

    /// <summary>Undefined when there is none.</summary>
    private static JsonElement Member(JsonElement owner, string name) => owner.ValueKind == JsonValueKind.Object && owner.TryGetProperty(name, out var member) ? member : default;

    private static string? Text(JsonElement owner, string name) => Member(owner, name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    private static string[] Texts(JsonElement owner, string name) =>
        Member(owner, name) is { ValueKind: JsonValueKind.Array } list ? [.. list.EnumerateArray().Where(e => e.ValueKind == JsonValueKind.String).Select(e => e.GetString()!)] : [];

    private static JsonObject? ObjectOf(JsonElement owner, string name) => Member(owner, name) is { ValueKind: JsonValueKind.Object } value ? JsonObject.Create(value) : null;
}

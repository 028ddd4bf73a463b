using System.Text.Json.Nodes;
using Portcullis.ApiServer.Admission;
using Portcullis.ApiServer.Authentication;
using Portcullis.ApiServer.Http;
using Portcullis.Objects;
using Portcullis.Objects.Json;

namespace Portcullis.ApiServer.Tests.Policy;

/// <summary>Builders with defaults for what the policy parts are asked.</summary>
internal static class Requests
{
    public static readonly ApiResource Pods = new("", "v1", "Pod", "pods", true);
    public static readonly ApiResource ConfigMaps = new("", "v1", "ConfigMap", "configmaps", true);
    public static readonly ApiResource Secrets = new("", "v1", "Secret", "secrets", true);
    public static readonly ApiResource Namespaces = new("", "v1", "Namespace", "namespaces", false);
    public static readonly ApiResource Nodes = new("", "v1", "Node", "nodes", false);
    public static readonly ApiResource ServiceAccounts = new("", "v1", "ServiceAccount", "serviceaccounts", true);
    public static readonly ApiResource Quotas = new("", "v1", "ResourceQuota", "resourcequotas", true);
    public static readonly ApiResource LimitRanges = new("", "v1", "LimitRange", "limitranges", true);
    public static readonly ApiResource Deployments = new("apps", "v1", "Deployment", "deployments", true);
    public static readonly ApiResource Events = new("", "v1", "Event", "events", true);

    public static readonly UserInfo Admin = new("admin", ["system:masters", "system:authenticated"]) { Uid = "admin" };

    public static UserInfo User(string name, params string[] groups) => new(name, [.. groups, "system:authenticated"]);

    public static RequestAttributes Attributes(string verb, ApiResource resource, string @namespace = "", string name = "", string subresource = "") => new()
    {
        Verb = verb,
        Path = resource.CollectionPath(@namespace),
        IsResourceRequest = true,
        Group = resource.Group,
        Version = resource.Version,
        Resource = resource.Plural,
        Subresource = subresource,
        Namespace = @namespace,
        Name = name,
    };

    public static RequestAttributes Path(string verb, string path) => new() { Verb = verb, Path = path };

    public static AdmissionAttributes Create(ApiResource resource, string json, UserInfo? user = null)
    {
        var value = JsonNode.Parse(json)!.AsObject();
        return new AdmissionAttributes
        {
            User = user ?? Admin,
            Attributes = Attributes("create", resource, value.Object("metadata").String("namespace") ?? ""),
            Resource = resource,
            Operation = "CREATE",
            Object = value,
        };
    }

    public static AdmissionAttributes Update(ApiResource resource, string old, string json, UserInfo? user = null)
    {
        var value = JsonNode.Parse(json)!.AsObject();
        var metadata = value.Object("metadata");
        return new AdmissionAttributes
        {
            User = user ?? Admin,
            Attributes = Attributes("update", resource, metadata.String("namespace") ?? "", metadata.String("name") ?? ""),
            Resource = resource,
            Operation = "UPDATE",
            Object = value,
            OldObject = JsonNode.Parse(old)!.AsObject(),
        };
    }

    public static AdmissionAttributes Delete(ApiResource resource, string json, UserInfo? user = null)
    {
        var value = JsonNode.Parse(json)!.AsObject();
        var metadata = value.Object("metadata");
        return new AdmissionAttributes
        {
            User = user ?? Admin,
            Attributes = Attributes("delete", resource, metadata.String("namespace") ?? "", metadata.String("name") ?? ""),
            Resource = resource,
            Operation = "DELETE",
            OldObject = value,
        };
    }

    /// <summary>Mutation, then validation, as the pipeline does; the refusal, or null when it was let through.</summary>
    public static AdmissionDeniedException? Run(this IAdmissionPlugin plugin, AdmissionAttributes request)
    {
        try
        {
            plugin.MutateAsync(request, CancellationToken.None).AsTask().GetAwaiter().GetResult();
            plugin.ValidateAsync(request, CancellationToken.None).AsTask().GetAwaiter().GetResult();
            return null;
        }
        catch (AdmissionDeniedException denied)
        {
            return denied;
        }
    }

    public static string Json(JsonNode? node) => KubernetesJson.ToText(node);
}

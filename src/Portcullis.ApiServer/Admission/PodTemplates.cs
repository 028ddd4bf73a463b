using System.Text.Json.Nodes;
using Portcullis.Objects.Json;

namespace Portcullis.ApiServer.Admission;

/// <summary>Where pods and the kinds that make pods keep the pod's metadata and spec.</summary>
internal static class PodTemplates
{
    public static bool IsPod(ApiResource resource) => resource is { Group: "", Plural: "pods" };

    /// <summary>The pod-like object inside (<c>metadata</c> and <c>spec</c>), or null for a kind without one.</summary>
    public static JsonObject? Of(ApiResource resource, JsonObject value) => (resource.Group, resource.Plural) switch
    {
        ("", "pods") => value,
        ("", "podtemplates") => value.Object("template"),
        ("", "replicationcontrollers") => value.Object("spec").Object("template"),
        ("apps", "deployments" or "replicasets" or "statefulsets" or "daemonsets") => value.Object("spec").Object("template"),
        ("batch", "jobs") => value.Object("spec").Object("template"),
        ("batch", "cronjobs") => value.Object("spec").Object("jobTemplate").Object("spec").Object("template"),
        _ => null,
    };

    /// <summary>Init, regular and ephemeral containers, in the order in which Kubernetes processes them.</summary>
    public static IEnumerable<JsonObject> AllContainers(JsonObject? spec) =>
        Containers(spec, "initContainers").Concat(Containers(spec, "containers")).Concat(Containers(spec, "ephemeralContainers"));

    public static IEnumerable<JsonObject> Containers(JsonObject? spec, string field) => spec.Array(field)?.OfType<JsonObject>() ?? [];

    public static string Name(JsonObject container) => container.String("name") ?? "";
}

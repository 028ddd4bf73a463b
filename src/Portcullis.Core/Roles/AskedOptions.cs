using System.Globalization;
using System.Text.Json.Nodes;
using Portcullis.Objects.Json;

namespace Portcullis.Core.Roles;

/// <summary>One thing a pod asks for beyond the ordinary: the option of <see cref="PodOptions"/> it needs, and the field that asks.</summary>
public sealed record AskedOption(string Option, string Field);

/// <summary>
/// Reads from a pod, or from whatever holds a pod's template, which options it asks for: UCP's list (docker-ee.md 7.4: hostIPC, hostNetwork,
/// hostPID, allowPrivilegeEscalation, capabilities, privileged, hostPath), every field that the baseline level of Pod Security restricts, and
/// every volume that makes the node mount, run or fetch something on behalf of the pod's author.
/// </summary>
public static class AskedOptions
{
    private static readonly string[] ContainerLists = ["containers", "initContainers", "ephemeralContainers"];

    /// <summary>Volumes that hold objects of the namespace, scratch space, an image, or a claim that a volume driver of the cluster serves.</summary>
    private static readonly string[] OrdinaryVolumes =
    [
        "name", "configMap", "downwardAPI", "emptyDir", "ephemeral", "image", "persistentVolumeClaim", "projected", "secret",
    ];

    private static readonly string[] Probes = ["livenessProbe", "readinessProbe", "startupProbe"];
    private static readonly string[] Hooks = ["postStart", "preStop"];

    /// <summary>The pod spec inside an object, with its path; null for kinds that hold none.</summary>
    public static (JsonObject Spec, string Path)? PodSpec(JsonObject value) =>
        Template(value) is ({ } template, var path) && template.Object("spec") is { } spec ? (spec, Below(path, "spec")) : null;

    /// <summary>Whether two states of an object hold pods that ask for the same.</summary>
    public static bool AreSamePods(JsonObject before, JsonObject after) =>
        JsonNode.DeepEquals(PodSpec(before)?.Spec, PodSpec(after)?.Spec) && OfAnnotations(before).SequenceEqual(OfAnnotations(after));

    /// <summary>Everything asked, in order of options.</summary>
    public static IReadOnlyList<AskedOption> Of(JsonObject value)
    {
        if (PodSpec(value) is not ({ } spec, { } path))
        {
            return [];
        }

        IEnumerable<AskedOption> asked =
        [
            .. Flag(spec, "hostNetwork", path, PodOptions.HostNetwork),
            .. Flag(spec, "hostPID", path, PodOptions.HostPid),
            .. Flag(spec, "hostIPC", path, PodOptions.HostIpc),
            .. SecurityContextOptions.Of(spec.Object("securityContext"), path),
            .. OfAnnotations(value),
            .. Items(spec, "volumes", path).SelectMany(v => Volume(v.Item, v.Path)),
            .. ContainerLists.SelectMany(list => Items(spec, list, path)).SelectMany(c => Container(c.Item, c.Path)),
        ];
        return [.. asked.OrderBy(a => a.Option, StringComparer.Ordinal)];
    }

    private static IEnumerable<AskedOption> Volume(JsonObject volume, string path) =>
        from source in volume
        where source.Value is not null && !OrdinaryVolumes.Contains(source.Key, StringComparer.Ordinal)
        select new AskedOption(source.Key == "hostPath" ? PodOptions.HostBindMounts : PodOptions.VolumeDrivers, $"{path}.{source.Key}");

    private static IEnumerable<AskedOption> Container(JsonObject container, string path) =>
    [
        .. SecurityContextOptions.Of(container.Object("securityContext"), path),
        .. Items(container, "ports", path)
            .Where(p => p.Item["hostPort"] is JsonValue port && port.ToJsonString() != "0")
            .Select(p => new AskedOption(PodOptions.HostPorts, $"{p.Path}.hostPort")),
        .. Probes.SelectMany(probe => Handler(container.Object(probe), $"{path}.{probe}")),
        .. Hooks.SelectMany(hook => Handler(container.Object("lifecycle").Object(hook), $"{path}.lifecycle.{hook}")),
    ];

    /// <summary>A probe or hook that names a host makes the kubelet call there from the network of the node.</summary>
    private static IEnumerable<AskedOption> Handler(JsonObject? handler, string path) =>
        from action in (string[])["httpGet", "tcpSocket"]
        where handler.Object(action).String("host") is { Length: > 0 }
        select new AskedOption(PodOptions.HostNetwork, $"{path}.{action}.host");

    private static IEnumerable<AskedOption> OfAnnotations(JsonObject value) =>
        Template(value) is ({ } template, var path) ? SecurityContextOptions.OfAnnotations(template.Object("metadata"), Below(path, "metadata")) : [];

    private static IEnumerable<(JsonObject Item, string Path)> Items(JsonObject owner, string list, string path) =>
        (owner.Array(list) ?? []).Select((item, i) => (item as JsonObject ?? [], string.Create(CultureInfo.InvariantCulture, $"{path}.{list}[{i}]")));

    private static IEnumerable<AskedOption> Flag(JsonObject owner, string name, string path, string option) =>
        owner.Flag(name) == true ? [new AskedOption(option, $"{path}.{name}")] : [];

    /// <summary>What has the metadata and the spec of pods, with its path.</summary>
    private static (JsonObject Template, string Path)? Template(JsonObject value) => value.String("kind") switch
    {
        "Pod" => (value, ""),
        "PodTemplate" => At(value, "template"),
        "CronJob" => At(value, "spec", "jobTemplate", "spec", "template"),
        "Deployment" or "StatefulSet" or "DaemonSet" or "ReplicaSet" or "Job" or "ReplicationController" => At(value, "spec", "template"),
        _ => null,
    };

    private static string Below(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";

    private static (JsonObject Template, string Path)? At(JsonObject value, params string[] steps)
    {
        var at = value;
        foreach (var step in steps)
        {
            if (at.Object(step) is not { } next)
            {
                return null;
            }

            at = next;
        }

        return (at, string.Join('.', steps));
    }
}

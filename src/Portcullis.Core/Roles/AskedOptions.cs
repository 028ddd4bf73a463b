using System.Text.Json.Nodes;
using Portcullis.Objects.Json;

namespace Portcullis.Core.Roles;

/// <summary>One thing a pod asks for beyond the ordinary: the option of <see cref="PodOptions"/> it needs, and the field that asks.</summary>
public sealed record AskedOption(string Option, string Field);

/// <summary>
/// Reads from a pod, or from whatever holds a pod's template, which options it asks for. The list is UCP's (docker-ee.md 7.4: hostIPC,
/// hostNetwork, hostPID, allowPrivilegeEscalation, capabilities, privileged, hostPath), with what came to Kubernetes since.
/// </summary>
public static class AskedOptions
{
    private static readonly string[] ContainerLists = ["containers", "initContainers", "ephemeralContainers"];

    /// <summary>The pod spec inside an object, with its path; null for kinds that hold none.</summary>
    public static (JsonObject Spec, string Path)? PodSpec(JsonObject value) => value.String("kind") switch
    {
        "Pod" => At(value, "spec"),
        "PodTemplate" => At(value, "template", "spec"),
        "CronJob" => At(value, "spec", "jobTemplate", "spec", "template", "spec"),
        "Deployment" or "StatefulSet" or "DaemonSet" or "ReplicaSet" or "Job" or "ReplicationController" => At(value, "spec", "template", "spec"),
        _ => null,
    };

    /// <summary>Everything asked, in order of options.</summary>
    public static IReadOnlyList<AskedOption> Of(JsonObject value)
    {
        if (PodSpec(value) is not ({ } spec, { } path))
        {
            return [];
        }

        var asked = new List<AskedOption>();
        Flag(spec, "hostNetwork", path, PodOptions.HostNetwork, asked);
        Flag(spec, "hostPID", path, PodOptions.HostPid, asked);
        Flag(spec, "hostIPC", path, PodOptions.HostIpc, asked);
        if (IsTrue(spec.Object("securityContext").Object("windowsOptions"), "hostProcess"))
        {
            asked.Add(new AskedOption(PodOptions.Privileged, $"{path}.securityContext.windowsOptions.hostProcess"));
        }

        var volumes = spec.Array("volumes") ?? [];
        for (var i = 0; i < volumes.Count; i++)
        {
            if (volumes[i].Object("hostPath") is not null)
            {
                asked.Add(new AskedOption(PodOptions.HostBindMounts, $"{path}.volumes[{i}].hostPath"));
            }
        }

        foreach (var list in ContainerLists)
        {
            var containers = spec.Array(list) ?? [];
            for (var i = 0; i < containers.Count; i++)
            {
                Container(containers[i] as JsonObject ?? [], $"{path}.{list}[{i}]", asked);
            }
        }

        return [.. asked.OrderBy(a => a.Option, StringComparer.Ordinal)];
    }

    private static void Container(JsonObject container, string path, List<AskedOption> asked)
    {
        var security = container.Object("securityContext");
        Flag(security, "privileged", $"{path}.securityContext", PodOptions.Privileged, asked);
        Flag(security, "allowPrivilegeEscalation", $"{path}.securityContext", PodOptions.Privileged, asked);
        if (IsTrue(security.Object("windowsOptions"), "hostProcess"))
        {
            asked.Add(new AskedOption(PodOptions.Privileged, $"{path}.securityContext.windowsOptions.hostProcess"));
        }

        if (security.String("procMount") is { } proc and not "Default")
        {
            asked.Add(new AskedOption(PodOptions.Privileged, $"{path}.securityContext.procMount ({proc})"));
        }

        if (security.Object("capabilities").Array("add") is { Count: > 0 })
        {
            asked.Add(new AskedOption(PodOptions.KernelCapabilities, $"{path}.securityContext.capabilities.add"));
        }

        var ports = container.Array("ports") ?? [];
        for (var i = 0; i < ports.Count; i++)
        {
            if ((ports[i] as JsonObject)?["hostPort"] is JsonValue port && port.ToJsonString() != "0")
            {
                asked.Add(new AskedOption(PodOptions.HostPorts, $"{path}.ports[{i}].hostPort"));
            }
        }
    }

    private static void Flag(JsonObject? owner, string name, string path, string option, List<AskedOption> asked)
    {
        if (IsTrue(owner, name))
        {
            asked.Add(new AskedOption(option, $"{path}.{name}"));
        }
    }

    private static bool IsTrue(JsonObject? owner, string name) => owner?[name] is JsonValue value && value.TryGetValue(out bool flag) && flag;

    private static (JsonObject Spec, string Path)? At(JsonObject value, params string[] steps)
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

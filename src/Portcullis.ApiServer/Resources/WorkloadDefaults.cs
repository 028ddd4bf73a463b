using System.Text.Json.Nodes;
using Portcullis.Objects.Json;

namespace Portcullis.ApiServer.Resources;

/// <summary>Defaults of pods, what makes pods, and nodes, where one field's default depends on another.</summary>
internal static class WorkloadDefaults
{
    public static void Pod(JsonObject? spec, bool isPod)
    {
        if (spec is null)
        {
            return;
        }

        foreach (var container in Containers(spec))
        {
            if (string.IsNullOrEmpty(container.String("imagePullPolicy")))
            {
                container["imagePullPolicy"] = PullPolicy(container.String("image") ?? "");
            }

            DefaultRequests(container, isPod);
            foreach (var name in new[] { "livenessProbe", "readinessProbe", "startupProbe" })
            {
                if (container.Object(name).Object("httpGet") is { } http && !http.ContainsKey("scheme"))
                {
                    http["scheme"] = "HTTP";
                }
            }
        }

        if (spec.String("serviceAccountName") is { Length: > 0 } account)
        {
            spec["serviceAccount"] = account;
        }
        else if (spec.String("serviceAccount") is { Length: > 0 } old)
        {
            spec["serviceAccountName"] = old;
        }

        if (isPod && !spec.ContainsKey("enableServiceLinks"))
        {
            spec["enableServiceLinks"] = true;
        }
    }

    public static void Workload(string kind, JsonObject value)
    {
        var spec = value.Object("spec");
        var jobSpec = kind == "CronJob" ? spec.Object("jobTemplate").Object("spec") : spec;
        Pod(jobSpec.Object("template").Object("spec"), isPod: false);
        switch (kind)
        {
            case "Deployment":
                Rolling(spec.Object("strategy"), () => new JsonObject { ["maxUnavailable"] = "25%", ["maxSurge"] = "25%" });
                break;
            case "DaemonSet":
                Rolling(spec.Object("updateStrategy"), () => new JsonObject { ["maxUnavailable"] = 1, ["maxSurge"] = 0 });
                break;
            case "StatefulSet":
                Rolling(spec.Object("updateStrategy"), () => new JsonObject { ["partition"] = 0 });
                break;
            case "Job" when spec is not null && !spec.ContainsKey("completions") && spec["parallelism"] is null:
                spec["completions"] = 1;
                spec["parallelism"] = 1;
                break;
            default:
                break;
        }
    }

    /// <summary>A node that nothing reports on yet keeps pods away (the TaintNodesByCondition admission).</summary>
    public static void NewNode(JsonObject value)
    {
        if (value["spec"] is not JsonObject spec)
        {
            value["spec"] = spec = [];
        }

        if (spec["taints"] is not JsonArray taints)
        {
            spec["taints"] = taints = [];
        }

        if (!taints.Any(t => t.String("key") == "node.kubernetes.io/not-ready" && t.String("effect") == "NoSchedule"))
        {
            taints.Add((JsonNode)new JsonObject { ["key"] = "node.kubernetes.io/not-ready", ["effect"] = "NoSchedule" });
        }
    }

    public static string QosClass(JsonObject pod)
    {
        var guaranteed = true;
        var any = false;
        foreach (var container in Containers(pod.Object("spec") ?? []))
        {
            var limits = container.Object("resources").Object("limits") ?? [];
            var requests = container.Object("resources").Object("requests") ?? [];
            any |= limits.Count > 0 || requests.Count > 0;
            foreach (var name in new[] { "cpu", "memory" })
            {
                guaranteed &= limits[name] is not null && (requests[name] is null || JsonNode.DeepEquals(requests[name], limits[name]));
            }
        }

        return !any ? "BestEffort" : guaranteed ? "Guaranteed" : "Burstable";
    }

    public static IEnumerable<JsonObject> Containers(JsonObject spec) =>
        (spec.Array("initContainers") ?? []).Concat(spec.Array("containers") ?? []).OfType<JsonObject>();

    private static void Rolling(JsonObject? strategy, Func<JsonObject> defaults)
    {
        if (strategy?.String("type") == "RollingUpdate" && strategy["rollingUpdate"] is null)
        {
            strategy["rollingUpdate"] = defaults();
        }
    }

    /// <summary>A limit without a request is its request, in pods (SetDefaults_Pod).</summary>
    private static void DefaultRequests(JsonObject container, bool isPod)
    {
        if (!isPod || container.Object("resources") is not { } resources || resources.Object("limits") is not { Count: > 0 } limits)
        {
            return;
        }

        if (resources["requests"] is not JsonObject requests)
        {
            resources["requests"] = requests = [];
        }

        foreach (var (name, quantity) in limits)
        {
            if (!requests.ContainsKey(name))
            {
                requests[name] = quantity?.DeepClone();
            }
        }
    }

    private static string PullPolicy(string image)
    {
        var name = image[(image.LastIndexOf('/') + 1)..];
        var isLatest = !name.Contains('@', StringComparison.Ordinal)
            && (!name.Contains(':', StringComparison.Ordinal) || name.EndsWith(":latest", StringComparison.Ordinal));
        return isLatest ? "Always" : "IfNotPresent";
    }
}

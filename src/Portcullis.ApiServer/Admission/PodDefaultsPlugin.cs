using System.Text.Json.Nodes;
using Portcullis.ApiServer.Kinds;
using Portcullis.ApiServer.Storage;
using Portcullis.Objects.Json;

namespace Portcullis.ApiServer.Admission;

/// <summary>
/// The small mutations that every cluster makes: a pod's priority (plugin Priority), its tolerations of a node that is away for
/// five minutes (DefaultTolerationSeconds), and the taint of a node that has not reported yet (TaintNodesByCondition).
/// </summary>
internal sealed class PodDefaultsPlugin(IObjectStore store) : IAdmissionPlugin
{
    private static readonly string[] AwayTaints = ["node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"];

    public ValueTask MutateAsync(AdmissionAttributes request, CancellationToken cancellationToken)
    {
        if (request.Operation == "CREATE" && request.Attributes.Subresource.Length == 0 && request.Object is { } value)
        {
            if (request.Resource is { Group: "", Plural: "nodes" })
            {
                TaintNotReady(value);
            }
            else if (PodTemplates.IsPod(request.Resource) && value.Object("spec") is { } spec)
            {
                SetPriority(request, spec);
                Tolerate(spec);
            }
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask ValidateAsync(AdmissionAttributes request, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    private static void TaintNotReady(JsonObject node)
    {
        if (node.Object("spec") is not { } spec)
        {
            node["spec"] = spec = [];
        }

        var taints = ArrayOf(spec, "taints");
        if (!taints.Any(taint => taint.String("key") == AwayTaints[0] && taint.String("effect") == "NoSchedule"))
        {
            taints.Add((JsonNode)new JsonObject { ["key"] = AwayTaints[0], ["effect"] = "NoSchedule" });
        }
    }

    private static void Tolerate(JsonObject spec)
    {
        var tolerations = ArrayOf(spec, "tolerations");
        foreach (var key in AwayTaints)
        {
            var tolerated = tolerations.Any(t =>
                (t.String("key") is null or "" || t.String("key") == key) && (t.String("effect") is null or "" || t.String("effect") == "NoExecute"));
            if (!tolerated)
            {
                tolerations.Add((JsonNode)new JsonObject
                {
                    ["key"] = key,
                    ["operator"] = "Exists",
                    ["effect"] = "NoExecute",
                    ["tolerationSeconds"] = 300,
                });
            }
        }
    }

    private void SetPriority(AdmissionAttributes request, JsonObject spec)
    {
        var name = spec.String("priorityClassName") ?? "";
        var (priority, policy) = name switch
        {
            "system-cluster-critical" => (2000000000L, "PreemptLowerPriority"),
            "system-node-critical" => (2000001000L, "PreemptLowerPriority"),
            _ => FromClass(request, name),
        };
        spec["priority"] = priority;
        spec["preemptionPolicy"] = policy;
    }

    private (long Priority, string Policy) FromClass(AdmissionAttributes request, string name)
    {
        var found = name.Length > 0
            ? store.Get(PolicyKinds.PriorityClass, ObjectKey.Cluster(name))
            : store.List(PolicyKinds.PriorityClass).FirstOrDefault(stored => stored.Object.Flag("globalDefault") == true);
        if (found is null && name.Length > 0)
        {
            throw Denial.Forbidden(request, $"no PriorityClass with name {name} was found");
        }

        return (found?.Object.Long("value") ?? 0, found?.Object.String("preemptionPolicy") ?? "PreemptLowerPriority");
    }

    private static JsonArray ArrayOf(JsonObject parent, string name)
    {
        if (parent.Array(name) is not { } array)
        {
            parent[name] = array = [];
        }

        return array;
    }
}

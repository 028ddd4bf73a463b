using System.Text.Json.Nodes;
using Portcullis.ApiServer.Resources;
using Portcullis.Objects.Json;

namespace Portcullis.ApiServer.Tables;

/// <summary>Columns of pods, what makes pods, and services.</summary>
internal static partial class BuiltInColumns
{
    private static Column[] PodColumns() =>
    [
        Name,
        Cell("Ready", "The aggregate readiness state of this pod for accepting traffic.", o => $"{ReadyContainers(o)}/{o.Object("spec").Array("containers")?.Count ?? 0}"),
        Cell("Status", "The aggregate status of the containers in this pod.", PodStatus),
        Cell("Restarts", "The number of times the containers in this pod have been restarted and when the last container in this pod has restarted.", _ => "0"),
        AgeColumn,
        Wide("IP", "IP address allocated to the pod. Routable at least within the cluster. Empty if not yet allocated.", "<none>", "status", "podIP"),
        Wide("Node", "NodeName indicates in which node this pod is scheduled.", "<none>", "spec", "nodeName"),
        Wide("Nominated Node", "nominatedNodeName is set only when this pod preempts other pods on the node.", "<none>", "status", "nominatedNodeName"),
        Wide("Readiness Gates", "If specified, all readiness gates will be evaluated for pod readiness.", "<none>", "-"),
    ];

    private static JsonNode? PodStatus(JsonObject pod) => Metadata.IsBeingDeleted(pod)
        ? "Terminating"
        : pod.Object("status").String("reason") ?? pod.Object("status").String("phase") ?? "";

    private static int ReadyContainers(JsonObject pod) => (pod.Object("status").Array("containerStatuses") ?? [])
        .Count(c => (c as JsonObject)?["ready"] is JsonValue flag && flag.TryGetValue(out bool on) && on);

    private static Column[] WorkloadColumns(string kind) => kind switch
    {
        "Deployment" =>
        [
            Name,
            Share("Ready", "Number of the pod with ready state", "readyReplicas", "replicas"),
            Number("Up-to-date", "Total number of non-terminating pods targeted by this deployment that have the desired template spec.", "status", "updatedReplicas"),
            Number("Available", "Total number of available pods.", "status", "availableReplicas"),
            AgeColumn,
            .. TemplateColumns(),
        ],
        "ReplicaSet" =>
        [
            Name,
            Number("Desired", "How many pods there should be.", "spec", "replicas"),
            Number("Current", "How many pods there are.", "status", "replicas"),
            Number("Ready", "How many are ready.", "status", "readyReplicas"),
            AgeColumn,
            .. TemplateColumns(),
        ],
        "StatefulSet" => [Name, Share("Ready", "Number of the pod with ready state", "readyReplicas", "replicas"), AgeColumn, .. TemplateColumns()[..2]],
        "DaemonSet" => DaemonSetColumns(),
        "Job" =>
        [
            Name,
            Cell("Status", "Status of the job.", JobStatus),
            Share("Completions", "Completed of wanted.", "succeeded", "completions"),
            AgeColumn,
            .. TemplateColumns(),
        ],
        _ => CronJobColumns(),
    };

    private static Column[] DaemonSetColumns() =>
    [
        Name,
        Number("Desired", "Nodes that should run it.", "status", "desiredNumberScheduled"),
        Number("Current", "Nodes that run it and should.", "status", "currentNumberScheduled"),
        Number("Ready", "Nodes where it is ready.", "status", "numberReady"),
        Number("Up-to-date", "Nodes with the newest.", "status", "updatedNumberScheduled"),
        Number("Available", "Nodes where it is available.", "status", "numberAvailable"),
        Cell("Node Selector", "Labels of its nodes.", o => Pairs(PodSpec(o).Object("nodeSelector"))),
        AgeColumn,
        .. TemplateColumns(),
    ];

    private static Column[] CronJobColumns() =>
    [
        Name,
        Text("Schedule", "When it runs.", "spec", "schedule"),
        Cell("Timezone", "Its time zone.", o => o.Object("spec").String("timeZone") ?? "<none>"),
        Cell("Suspend", "Whether it rests.", o => o.Object("spec")?["suspend"]?.ToJsonString() is "true" ? "True" : "False"),
        Cell("Active", "Running jobs.", o => o.Object("status").Array("active")?.Count ?? 0, "integer"),
        new("Last Schedule", "string", "When it last ran.", (o, now) => o.Object("status").String("lastScheduleTime") is { } last ? AgeCell.Of(last, now) : "<none>"),
        AgeColumn,
    ];

    private static Column[] TemplateColumns() =>
    [
        Cell("Containers", "Names of each container in the template.", o => Containers(o, "name"), priority: 1),
        Cell("Images", "Images referenced by each container in the template.", o => Containers(o, "image"), priority: 1),
        Cell("Selector", "A label query over pods that should match the count.", o => Selected(o.Object("spec").Object("selector")), priority: 1),
    ];

    private static Column[] ServiceColumns() =>
    [
        Name,
        Text("Type", "How it is reached.", "spec", "type"),
        Cell("Cluster-IP", "The address in the cluster.", o => o.Object("spec").String("clusterIP") ?? "<none>"),
        Cell("External-IP", "The addresses outside.", _ => "<none>"),
        Cell("Port(s)", "The ports.", Ports),
        AgeColumn,
        Cell("Selector", "Labels of its pods.", o => Pairs(o.Object("spec").Object("selector")), priority: 1),
    ];

    private static JsonNode? Ports(JsonObject service)
    {
        var ports = (service.Object("spec").Array("ports") ?? []).Select(p => $"{(p as JsonObject)?["port"]}/{p.String("protocol")}").ToList();
        return ports.Count == 0 ? "<none>" : string.Join(',', ports);
    }

    private static JsonNode? JobStatus(JsonObject job) => (job.Object("status").Array("conditions") ?? [])
        .FirstOrDefault(c => c.String("status") == "True" && c.String("type") is "Complete" or "Failed" or "Suspended").String("type") ?? "Running";

    private static Column Share(string name, string description, string part, string whole) => Cell(
        name, description, o => $"{o.Object("status")?[part]?.ToString() ?? "0"}/{o.Object("spec")?[whole]?.ToString() ?? "0"}");

    private static JsonObject? PodSpec(JsonObject workload) => workload.Object("spec").Object("template").Object("spec");

    private static JsonNode? Containers(JsonObject workload, string member) =>
        string.Join(',', (PodSpec(workload).Array("containers") ?? []).Select(c => c.String(member)));
}

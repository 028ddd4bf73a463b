using System.Text.Json.Nodes;
using Portcullis.ApiServer.Kinds;
using Portcullis.Objects.Json;

namespace Portcullis.ApiServer.Tables;

/// <summary>Columns of secrets, nodes, events, leases, bindings and quotas.</summary>
internal static partial class BuiltInColumns
{
    private static string NodeAddresses => BuiltInSchemas.Text["NodeStatus"].Properties["addresses"].Description ?? "";

    private static string NodeInfo(string field) => BuiltInSchemas.Text["NodeSystemInfo"].Properties[field].Description ?? "";

    private static Column[] SecretColumns() =>
    [
        Name,
        Text("Type", "Used to facilitate programmatic handling of secret data. More info: https://kubernetes.io/docs/concepts/configuration/secret/#secret-types", "type"),
        Count("Data", "Data contains the secret data. Each key must consist of alphanumeric characters, '-', '_' or '.'. The serialized form of the secret data is a base64 encoded string, representing the arbitrary (possibly non-string) data value here. Described in https://tools.ietf.org/html/rfc4648#section-4", "data"),
        AgeColumn,
    ];

    private static Column[] LeaseColumns() =>
    [
        Name,
        Text("Holder", "holderIdentity contains the identity of the holder of a current lease. If Coordinated Leader Election is used, the holder identity must be equal to the elected LeaseCandidate.metadata.name field.", "spec", "holderIdentity"),
        AgeColumn,
    ];

    private static Column[] NodeColumns() =>
    [
        Name,
        Cell("Status", "The status of the node", NodeStatus),
        Cell("Roles", "The roles of the node", NodeRoles),
        AgeColumn,
        Text("Version", "Kubelet Version reported by the node.", "status", "nodeInfo", "kubeletVersion"),
        Cell("Internal-IP", NodeAddresses, o => NodeAddress(o, "InternalIP"), priority: 1),
        Cell("External-IP", NodeAddresses, o => NodeAddress(o, "ExternalIP"), priority: 1),
        Wide("OS-Image", NodeInfo("osImage"), "<unknown>", "status", "nodeInfo", "osImage"),
        Wide("Kernel-Version", NodeInfo("kernelVersion"), "<unknown>", "status", "nodeInfo", "kernelVersion"),
        Wide("Container-Runtime", NodeInfo("containerRuntimeVersion"), "<unknown>", "status", "nodeInfo", "containerRuntimeVersion"),
    ];

    private static JsonNode? NodeStatus(JsonObject node)
    {
        var ready = (node.Object("status").Array("conditions") ?? []).FirstOrDefault(c => c.String("type") == "Ready");
        var status = ready is null ? "Unknown" : ready.String("status") == "True" ? "Ready" : "NotReady";
        var closed = node.Object("spec")?["unschedulable"] is JsonValue flag && flag.TryGetValue(out bool on) && on;
        return closed ? $"{status},SchedulingDisabled" : status;
    }

    private static JsonNode? NodeRoles(JsonObject node)
    {
        const string prefix = "node-role.kubernetes.io/";
        var roles = (node.Object("metadata").Object("labels") ?? [])
            .Where(l => l.Key.StartsWith(prefix, StringComparison.Ordinal) && l.Key.Length > prefix.Length)
            .Select(l => l.Key[prefix.Length..])
            .Order(StringComparer.Ordinal)
            .ToList();
        return roles.Count == 0 ? "<none>" : string.Join(',', roles);
    }

    private static JsonNode? NodeAddress(JsonObject node, string type) =>
        (node.Object("status").Array("addresses") ?? []).FirstOrDefault(a => a.String("type") == type).String("address") ?? "<none>";

    private static Column[] EventColumns() =>
    [
        new("Last Seen", "string", "The time at which the most recent occurrence of this event was recorded.", (o, now) => EventTime(o, now, last: true)),
        Text("Type", "Type of this event (Normal, Warning), new types could be added in the future", "type"),
        Text("Reason", "This should be a short, machine understandable string that gives the reason for the transition into the object's current status.", "reason"),
        Cell("Object", "The object that this event is about.", EventObject),
        Cell("Subobject", "If referring to a piece of an object instead of an entire object, this string should contain a valid JSON/Go field access statement, such as desiredState.manifest.containers[2]. For example, if the object reference is to a container within a pod, this would take on a value like: \"spec.containers{name}\" (where \"name\" refers to the name of the container that triggered the event) or if no container name is specified \"spec.containers[2]\" (container with index 2 in this pod). This syntax is chosen only to have some well-defined way of referencing a part of an object.", o => Involved(o).String("fieldPath") ?? "", priority: 1),
        Cell("Source", "The component reporting this event. Should be a short machine understandable string.", EventSource, priority: 1),
        Cell("Message", "A human-readable description of the status of this operation.", o => (o.String("message") ?? o.String("note") ?? "").Trim()),
        new("First Seen", "string", "The time at which the event was first recorded. (Time of server receipt is in TypeMeta.)", (o, now) => EventTime(o, now, last: false)) { Priority = 1 },
        Cell("Count", "The number of times this event has occurred.", EventCount, priority: 1),
        Name with { Priority = 1 },
    ];

    private static JsonObject? Involved(JsonObject entry) => entry.Object("involvedObject") ?? entry.Object("regarding");

    private static JsonNode? EventObject(JsonObject entry) =>
        $"{Involved(entry).String("kind")?.ToLowerInvariant()}/{Involved(entry).String("name")}";

    private static JsonNode? EventCount(JsonObject entry) =>
        entry.Object("series")?["count"]?.DeepClone() ?? entry["count"]?.DeepClone() ?? entry["deprecatedCount"]?.DeepClone() ?? 1;

    private static JsonNode? EventSource(JsonObject entry)
    {
        var source = entry.Object("source") ?? entry.Object("deprecatedSource");
        var parts = new[]
        {
            source.String("component") ?? entry.String("reportingComponent") ?? entry.String("reportingController"),
            source.String("host"),
        };
        return string.Join(", ", parts.Where(p => !string.IsNullOrEmpty(p)));
    }

    private static JsonNode? EventTime(JsonObject entry, DateTimeOffset now, bool last)
    {
        var first = entry.String("firstTimestamp") ?? entry.String("deprecatedFirstTimestamp") ?? entry.String("eventTime");
        var latest = entry.Object("series").String("lastObservedTime") ?? entry.String("lastTimestamp") ?? entry.String("deprecatedLastTimestamp");
        return AgeCell.Of(last ? latest ?? first : first, now);
    }

    private static Column[] BindingColumns() =>
    [
        Name,
        Cell("Role", "RoleRef can reference a Role in the current namespace or a ClusterRole in the global namespace. If the RoleRef cannot be resolved, the Authorizer must return an error. This field is immutable.", o => $"{o.Object("roleRef").String("kind")}/{o.Object("roleRef").String("name")}"),
        AgeColumn,
        Cell("Users", "Users in the roleBinding", o => Subjects(o, "User"), priority: 1),
        Cell("Groups", "Groups in the roleBinding", o => Subjects(o, "Group"), priority: 1),
        Cell("ServiceAccounts", "ServiceAccounts in the roleBinding", o => Subjects(o, "ServiceAccount"), priority: 1),
    ];

    private static JsonNode? Subjects(JsonObject binding, string kind) => string.Join(", ", (binding.Array("subjects") ?? [])
        .Where(s => s.String("kind") == kind)
        .Select(s => kind == "ServiceAccount" ? $"{s.String("namespace")}/{s.String("name")}" : s.String("name")));

    private static Column[] QuotaColumns() =>
    [
        Name,
        Cell("Request", "Request represents a minimum amount of cpu/memory that a container may consume.", o => Usage(o, limits: false)),
        Cell("Limit", "Limits control the maximum amount of cpu/memory that a container may use independent of contention on the node.", o => Usage(o, limits: true)),
        AgeColumn,
    ];

    private static JsonNode? Usage(JsonObject quota, bool limits)
    {
        var status = quota.Object("status");
        var used = status.Object("used") ?? [];
        return string.Join(", ", (status.Object("hard") ?? [])
            .Where(h => h.Key.StartsWith("limits.", StringComparison.Ordinal) == limits)
            .OrderBy(h => h.Key, StringComparer.Ordinal)
            .Select(h => $"{h.Key}: {used[h.Key]?.ToString() ?? "0"}/{h.Value}"));
    }

    private static Column[] WebhookColumns() =>
    [
        Name,
        Cell("Webhooks", "Webhooks indicates the number of webhooks registered in this configuration", o => o.Array("webhooks")?.Count ?? 0, "integer"),
        AgeColumn,
    ];
}

using System.Text.Json.Nodes;
using Portcullis.ApiServer.Kinds;
using Portcullis.ApiServer.Resources;
using Portcullis.Objects.Json;

namespace Portcullis.ApiServer.Tables;

/// <summary>The columns of the built-in kinds (kubernetes printersinternal).</summary>
internal static partial class BuiltInColumns
{
    private static readonly string CreatedText = CustomKinds.MetadataSchema.Properties["creationTimestamp"].Description ?? "";

    public static readonly Column Name = new(
        "Name", "string", CustomKinds.MetadataSchema.Properties["name"].Description ?? "", (o, _) => o.Object("metadata").String("name"))
    {
        Format = "name",
    };

    private static readonly Column AgeColumn = new(
        "Age", "string", CreatedText, (o, now) => AgeCell.Of(o.Object("metadata").String("creationTimestamp"), now));

    private static readonly Column CreatedAt = new(
        "Created At", "date", CreatedText, (o, _) => o.Object("metadata").String("creationTimestamp"));

    public static IReadOnlyList<Column> Of(ServedKind kind) => kind.Resource.Kind switch
    {
        "Namespace" => [Name, Text("Status", "The status of the namespace", "status", "phase"), AgeColumn],
        "ConfigMap" => [Name, Count("Data", Describe(kind, "data"), "data", "binaryData"), AgeColumn],
        "Secret" => SecretColumns(),
        "ServiceAccount" => [Name, AgeColumn],
        "Node" => NodeColumns(),
        "Event" => EventColumns(),
        "Lease" => LeaseColumns(),
        "RoleBinding" or "ClusterRoleBinding" => BindingColumns(),
        "ResourceQuota" => QuotaColumns(),
        "NetworkPolicy" => [Name, Cell("Pod-Selector", "The pods it is for.", o => Selected(o.Object("spec").Object("podSelector"))), AgeColumn],
        "Pod" => PodColumns(),
        "Deployment" or "ReplicaSet" or "StatefulSet" or "DaemonSet" or "Job" or "CronJob" => WorkloadColumns(kind.Resource.Kind),
        "Service" => ServiceColumns(),
        "PersistentVolumeClaim" =>
            [Name, Text("Status", "Its phase.", "status", "phase"), Text("Volume", "The volume bound.", "spec", "volumeName"), AgeColumn],
        "PriorityClass" =>
        [
            Name,
            Number("Value", "The priority.", "value"),
            Cell("Global-Default", "Whether pods without a class get it.", o => o["globalDefault"]?.ToJsonString() ?? "false"),
            AgeColumn,
        ],
        "ValidatingWebhookConfiguration" or "MutatingWebhookConfiguration" => WebhookColumns(),
        _ => [Name, CreatedAt],
    };

    private static Column Cell(string name, string description, Func<JsonObject, JsonNode?> cell, string type = "string", int priority = 0) =>
        new(name, type, description, (o, _) => cell(o)) { Priority = priority };

    private static Column Text(string name, string description, params string[] path) =>
        Cell(name, description, o => Find(o, path)?.ToString() ?? "");

    private static Column Wide(string name, string description, string absent, params string[] path) =>
        Cell(name, description, o => Find(o, path)?.ToString() is { Length: > 0 } text ? text : absent, priority: 1);

    private static Column Number(string name, string description, params string[] path) =>
        Cell(name, description, o => Find(o, path)?.DeepClone() ?? 0, "integer");

    private static Column Count(string name, string description, params string[] members) =>
        Cell(name, description, o => members.Sum(m => o.Object(m)?.Count ?? 0));

    private static string Describe(ServedKind kind, string field) => kind.Schema.Properties[field].Description ?? "";

    private static JsonNode? Find(JsonObject value, string[] path)
    {
        JsonNode? node = value;
        foreach (var part in path)
        {
            node = (node as JsonObject)?[part];
        }

        return node;
    }

    private static string Selected(JsonObject? selector) => SelectorText.Of(selector ?? []) is { Length: > 0 } text ? text : "<none>";

    private static string Pairs(JsonObject? labels) =>
        labels is null or { Count: 0 } ? "<none>" : string.Join(',', labels.Select(l => $"{l.Key}={l.Value}"));
}

using System.Text;
using System.Text.Json.Nodes;
using Portcullis.Objects.Json;
using Portcullis.Schemas.Structural;

namespace Portcullis.ApiServer.Resources;

/// <summary>
/// What single built-in kinds do beyond their schema (the real API's defaulting functions and registry strategies). RBAC, webhook
/// configurations, quotas and limit ranges have theirs among the admission rules.
/// </summary>
internal static class BuiltInStrategy
{
    private const int MaxValueBytes = 1024 * 1024;

    /// <summary>Defaults that depend on other fields; the writer owns these fields.</summary>
    public static void Default(ApiResource resource, JsonObject value)
    {
        switch (resource.Kind)
        {
            case "Namespace":
                DefaultNamespace(value);
                break;
            case "Secret":
                DefaultSecret(value);
                break;
            case "Pod":
                WorkloadDefaults.Pod(value.Object("spec"), isPod: true);
                break;
            case "Deployment" or "ReplicaSet" or "StatefulSet" or "DaemonSet" or "Job" or "CronJob":
                WorkloadDefaults.Workload(resource.Kind, value);
                break;
            case "NetworkPolicy":
                DefaultPolicyTypes(value);
                break;
            case "CustomResourceDefinition":
                CrdStrategy.Default(value);
                break;
            default:
                break;
        }
    }

    /// <summary>What the server adds to a new object, owned by nobody.</summary>
    public static void PrepareForCreate(ApiResource resource, JsonObject value)
    {
        switch (resource.Kind)
        {
            case "Namespace":
                value["spec"] = new JsonObject { ["finalizers"] = new JsonArray("kubernetes") };
                value["status"] = new JsonObject { ["phase"] = "Active" };
                break;
            case "Node":
                WorkloadDefaults.NewNode(value);
                break;
            case "Pod":
                value["status"] = new JsonObject { ["phase"] = "Pending", ["qosClass"] = WorkloadDefaults.QosClass(value) };
                break;
            case "PersistentVolumeClaim":
                value["status"] = new JsonObject { ["phase"] = "Pending" };
                break;
            case "CustomResourceDefinition":
                CrdStrategy.PrepareForCreate(value);
                break;
            default:
                break;
        }
    }

    public static void ResetForUpdate(Operation operation, JsonObject value, JsonObject old)
    {
        switch (operation.Resource.Kind)
        {
            case "Namespace" when operation.Subresource.Length == 0:
                value["spec"] = old["spec"]?.DeepClone();
                break;
            case "Secret" when string.IsNullOrEmpty(value.String("type")):
                value["type"] = old["type"]?.DeepClone();
                break;
            case "CustomResourceDefinition":
                CrdStrategy.PrepareForUpdate(value, old);
                break;
            default:
                break;
        }
    }

    public static IEnumerable<FieldError> Validate(Operation operation, JsonObject value, JsonObject? old) => operation.Resource.Kind switch
    {
        "ConfigMap" => ConfigMap(value, old),
        "Secret" => Secret(value, old),
        "Lease" => Lease(value),
        "Pod" => PodChecks.Check(value, old),
        "Deployment" or "ReplicaSet" or "StatefulSet" or "DaemonSet" => PodChecks.CheckWorkload(value, old),
        "CustomResourceDefinition" when operation.Subresource.Length == 0 => CrdStrategy.Validate(value, old),
        _ => [],
    };

    private static void DefaultNamespace(JsonObject value)
    {
        var metadata = Metadata.Of(value);
        if (metadata.String("name") is not { Length: > 0 } name)
        {
            return;
        }

        if (metadata["labels"] is not JsonObject labels)
        {
            metadata["labels"] = labels = [];
        }

        labels["kubernetes.io/metadata.name"] = name;
    }

    private static void DefaultSecret(JsonObject value)
    {
        if (value["stringData"] is JsonObject text)
        {
            if (value["data"] is not JsonObject data)
            {
                value["data"] = data = [];
            }

            foreach (var (key, plain) in text)
            {
                data[key] = Convert.ToBase64String(Encoding.UTF8.GetBytes(plain?.ToString() ?? ""));
            }

            value.Remove("stringData");
        }

        if (string.IsNullOrEmpty(value.String("type")))
        {
            value["type"] = "Opaque";
        }
    }

    private static void DefaultPolicyTypes(JsonObject value)
    {
        if (value.Object("spec") is { } spec && spec.Array("policyTypes") is null or { Count: 0 })
        {
            var types = new JsonArray("Ingress");
            if (spec.Array("egress") is { Count: > 0 })
            {
                types.Add((JsonNode)"Egress");
            }

            spec["policyTypes"] = types;
        }
    }

    private static IEnumerable<FieldError> ConfigMap(JsonObject value, JsonObject? old)
    {
        foreach (var error in DataKeys(value, "data").Concat(DataKeys(value, "binaryData")))
        {
            yield return error;
        }

        var size = Sizes(value, "data", base64: false) + Sizes(value, "binaryData", base64: true);
        if (size > MaxValueBytes)
        {
            yield return new FieldError("FieldValueTooLong", "[]", $"Too long: may not be more than {MaxValueBytes} bytes");
        }

        foreach (var error in Immutable(value, old, "data", "binaryData"))
        {
            yield return error;
        }
    }

    private static IEnumerable<FieldError> Secret(JsonObject value, JsonObject? old)
    {
        foreach (var error in DataKeys(value, "data"))
        {
            yield return error;
        }

        if (Sizes(value, "data", base64: true) > MaxValueBytes)
        {
            yield return new FieldError("FieldValueTooLong", "data", $"Too long: may not be more than {MaxValueBytes} bytes");
        }

        if (old is not null && value.String("type") != old.String("type"))
        {
            yield return new FieldError("FieldValueInvalid", "type", $"Invalid value: \"{value.String("type")}\": field is immutable");
        }

        foreach (var error in Immutable(value, old, "data"))
        {
            yield return error;
        }
    }

    private static IEnumerable<FieldError> Immutable(JsonObject value, JsonObject? old, params string[] members)
    {
        if (old?["immutable"] is not JsonValue flag || !flag.TryGetValue(out bool frozen) || !frozen)
        {
            yield break;
        }

        if (value["immutable"] is not JsonValue still || !still.TryGetValue(out bool on) || !on)
        {
            yield return new FieldError("FieldValueForbidden", "immutable", "Forbidden: field is immutable when `immutable` is set");
        }

        foreach (var member in members.Where(m => !JsonNode.DeepEquals(value[m], old[m])))
        {
            yield return new FieldError("FieldValueForbidden", member, "Forbidden: field is immutable when `immutable` is set");
        }
    }

    private static IEnumerable<FieldError> DataKeys(JsonObject value, string member)
    {
        foreach (var (key, _) in value.Object(member) ?? [])
        {
            var sound = key.Length is > 0 and <= 253 && key.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');
            if (!sound || key is "." or ".." || key.StartsWith("..", StringComparison.Ordinal))
            {
                var problem = key switch
                {
                    "." => "must not be '.'",
                    ".." => "must not be '..'",
                    _ when sound => "must not start with '..'",
                    _ => "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')",
                };
                yield return new FieldError("FieldValueInvalid", $"{member}[{key}]", $"Invalid value: \"{key}\": {problem}");
            }
        }
    }

    private static long Sizes(JsonObject value, string member, bool base64) => (value.Object(member) ?? [])
        .Sum(m => base64 ? (m.Value?.ToString().Length ?? 0) * 3L / 4 : Encoding.UTF8.GetByteCount(m.Value?.ToString() ?? ""));

    private static IEnumerable<FieldError> Lease(JsonObject value)
    {
        var spec = value.Object("spec");
        if (Number(spec, "leaseDurationSeconds") is <= 0 and var duration)
        {
            yield return new FieldError("FieldValueInvalid", "spec.leaseDurationSeconds", $"Invalid value: {duration}: must be greater than 0");
        }

        if (Number(spec, "leaseTransitions") is < 0 and var transitions)
        {
            yield return new FieldError(
                "FieldValueInvalid", "spec.leaseTransitions", $"Invalid value: {transitions}: must be greater than or equal to 0");
        }
    }

    private static long? Number(JsonObject? spec, string name) =>
        spec?[name] is JsonValue value && value.TryGetValue(out long number) ? number : null;
}

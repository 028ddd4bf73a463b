using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Portcullis.ApiServer.Kinds;
using Portcullis.ApiServer.Storage;
using Portcullis.Objects.Json;

namespace Portcullis.ApiServer.Admission.Quotas;

/// <summary>What one object uses of the resources that a quota can bound (https://kubernetes.io/docs/concepts/policy/resource-quotas/).</summary>
internal static class QuotaUsage
{
    private const string CountPrefix = "count/";
    private static readonly string[] OldCounts = ["configmaps", "persistentvolumeclaims", "replicationcontrollers", "resourcequotas", "secrets", "services"];
    private static readonly string[] Compute = ["cpu", "memory", "ephemeral-storage"];

    // Stored objects never change, so what was read from one stays true.
    private static readonly ConditionalWeakTable<JsonObject, SortedDictionary<string, Quantity>> OfPods = [];

    public static SortedDictionary<string, Quantity> Of(ApiResource resource, JsonObject value)
    {
        var usage = new SortedDictionary<string, Quantity>(StringComparer.Ordinal) { [CountPrefix + resource.QualifiedPlural] = Quantity.Of(1) };
        if (resource.Group.Length > 0)
        {
            return usage;
        }

        if (OldCounts.Contains(resource.Plural, StringComparer.Ordinal))
        {
            usage[resource.Plural] = Quantity.Of(1);
        }

        switch (resource.Plural)
        {
            case "pods":
                AddPod(usage, value);
                break;
            case "services":
                AddService(usage, value);
                break;
            case "persistentvolumeclaims":
                AddClaim(usage, value);
                break;
        }

        return usage;
    }

    /// <summary>What everything stored in the namespace uses of the resources named.</summary>
    public static SortedDictionary<string, Quantity> Total(IObjectStore store, string @namespace, IEnumerable<string> names, QuotaScopes scopes)
    {
        var total = new SortedDictionary<string, Quantity>(StringComparer.Ordinal);
        foreach (var byKind in names.GroupBy(KindOf))
        {
            if (byKind.Key is not { } kind)
            {
                // A resource of devices or storage classes that nothing here uses.
                foreach (var name in byKind)
                {
                    total[name] = Quantity.Zero;
                }

                continue;
            }

            foreach (var name in byKind)
            {
                total[name] = Quantity.Zero;
            }

            foreach (var stored in store.List(kind, @namespace))
            {
                if (scopes.Match(kind, stored.Object))
                {
                    AddNamed(total, byKind, kind, stored.Object);
                }
            }
        }

        return total;
    }

    /// <summary>The kind whose objects a resource name counts; null for a name that no kind of this server uses.</summary>
    public static ApiResource? KindOf(string name)
    {
        if (name.StartsWith(CountPrefix, StringComparison.Ordinal))
        {
            var parts = name[CountPrefix.Length..].Split('.', 2);
            return new ApiResource(parts.Length == 2 ? parts[1] : "", "v1", "", parts[0], true);
        }

        if (OldCounts.Contains(name, StringComparer.Ordinal))
        {
            return new ApiResource("", "v1", "", name, true);
        }

        return name switch
        {
            "services.loadbalancers" or "services.nodeports" => new ApiResource("", "v1", "", "services", true),
            "requests.storage" => new ApiResource("", "v1", "", "persistentvolumeclaims", true),
            "pods" => PolicyKinds.Pod,
            _ when IsCompute(name) => PolicyKinds.Pod,
            _ => null,
        };
    }

    public static bool IsCompute(string name) =>
        Compute.Contains(name, StringComparer.Ordinal) ||
        name.StartsWith("requests.", StringComparison.Ordinal) || name.StartsWith("limits.", StringComparison.Ordinal);

    private static void AddNamed(SortedDictionary<string, Quantity> total, IEnumerable<string> names, ApiResource kind, JsonObject value)
    {
        var usage = kind.Plural == "pods" ? OfPods.GetValue(value, pod => Of(kind, pod)) : Of(kind, value);
        foreach (var name in names)
        {
            if (usage.TryGetValue(name, out var amount))
            {
                ResourceAmounts.Add(total, name, amount);
            }
        }
    }

    private static void AddPod(SortedDictionary<string, Quantity> usage, JsonObject pod)
    {
        // A pod that has run to its end uses nothing but its place in count/pods.
        if (pod.Object("status").String("phase") is "Succeeded" or "Failed")
        {
            return;
        }

        usage["pods"] = Quantity.Of(1);
        foreach (var (name, amount) in ResourceAmounts.OfPod(pod.Object("spec"), "requests"))
        {
            usage[$"requests.{name}"] = amount;
            if (Compute.Contains(name, StringComparer.Ordinal))
            {
                usage[name] = amount;
            }
        }

        foreach (var (name, amount) in ResourceAmounts.OfPod(pod.Object("spec"), "limits"))
        {
            usage[$"limits.{name}"] = amount;
        }
    }

    private static void AddService(SortedDictionary<string, Quantity> usage, JsonObject service)
    {
        var spec = service.Object("spec");
        var ports = Quantity.Of(spec.Array("ports")?.Count ?? 0);
        switch (spec.String("type"))
        {
            case "NodePort":
                usage["services.nodeports"] = ports;
                break;
            case "LoadBalancer":
                usage["services.nodeports"] = spec.Flag("allocateLoadBalancerNodePorts") == false ? Quantity.Zero : ports;
                usage["services.loadbalancers"] = Quantity.Of(1);
                break;
        }
    }

    private static void AddClaim(SortedDictionary<string, Quantity> usage, JsonObject claim)
    {
        var storage = Quantity.Parse(claim.Object("spec").Object("resources").Object("requests")?["storage"]);
        if (storage is not { } amount)
        {
            return;
        }

        usage["requests.storage"] = amount;
        if (claim.Object("spec").String("storageClassName") is { Length: > 0 } storageClass)
        {
            usage[$"{storageClass}.storageclass.storage.k8s.io/requests.storage"] = amount;
            usage[$"{storageClass}.storageclass.storage.k8s.io/persistentvolumeclaims"] = Quantity.Of(1);
        }
    }
}

using System.Text.Json.Nodes;
using Portcullis.Objects.Json;

namespace Portcullis.Core.Collections;

/// <summary>What becomes of a pod on its way in: a JSON patch (empty: nothing to change), or why it may not come in.</summary>
public sealed record PodPlacement(JsonArray Patch, string? Refusal = null);

/// <summary>
/// Keeps the pods of collections apart on nodes. Pods of a collection with a pool run only on the pool's nodes: selector and toleration are
/// set for them. Pods of every other collection stay off all pools, whatever they tolerate. Only namespaces of collections are looked at:
/// elsewhere only administrators write.
/// </summary>
public static class PodIsolation
{
    private const string Key = WellKnown.Labels.NodePool;

    /// <summary><paramref name="pool"/> of the pod's collection, null for none; <paramref name="poolOfNode"/> for a pod that names its node.</summary>
    public static PodPlacement Place(JsonObject pod, string? pool, Func<string, string?> poolOfNode)
    {
        var spec = pod.Object("spec") ?? [];
        if (spec.String("nodeName") is { Length: > 0 } nodeName && poolOfNode(nodeName) != pool)
        {
            return Refuse($"spec.nodeName: the node {nodeName} is not for pods of this collection");
        }

        if (spec.Object("nodeSelector").String(Key) is { } asked && asked != pool)
        {
            return Refuse($"spec.nodeSelector: the nodes of the pool {asked} are not for pods of this collection");
        }

        return new PodPlacement(pool is null ? KeepOut(spec) : KeepIn(spec, pool));
    }

    /// <summary>
    /// The same for the pod template of a DaemonSet. Its controller makes a pod for each node that the template allows: one that learns only from
    /// the pod that it must not run there leaves it Pending for ever, and never tries the isolated nodes.
    /// </summary>
    public static PodPlacement PlaceTemplate(JsonObject daemonSet, string? pool, Func<string, string?> poolOfNode)
    {
        const string Template = "/spec/template";
        var placement = Place(daemonSet.Object("spec").Object("template") ?? [], pool, poolOfNode);
        foreach (var change in placement.Patch.OfType<JsonObject>())
        {
            change["path"] = Template + change.String("path");
        }

        return placement.Refusal is { } refusal ? Refuse($"spec.template.{refusal}") : placement;
    }

    /// <summary>Whether an update gives a pod without a pool a toleration that it came without.</summary>
    public static bool GainsToleration(JsonObject? before, JsonObject after, string? pool) =>
        pool is null && TolerationsOf(after).Any(ToleratesPools) && !TolerationsOf(before).Any(ToleratesPools);

    private static JsonArray KeepIn(JsonObject spec, string pool)
    {
        var patch = new JsonArray();
        if (spec.Object("nodeSelector").String(Key) != pool)
        {
            var selector = (JsonObject?)spec.Object("nodeSelector")?.DeepClone() ?? [];
            selector[Key] = pool;
            Add(patch, "/spec/nodeSelector", selector);
        }

        var tolerations = (JsonArray?)spec.Array("tolerations")?.DeepClone() ?? [];
        if (!tolerations.Any(t => t.String("key") == Key && t.String("value") == pool))
        {
            tolerations.Add((JsonNode)new JsonObject { ["key"] = Key, ["operator"] = "Equal", ["value"] = pool, ["effect"] = "NoSchedule" });
            Add(patch, "/spec/tolerations", tolerations);
        }

        return patch;
    }

    /// <summary>A taint stops pods that do not tolerate it; those that tolerate everything are kept off by affinity.</summary>
    private static JsonArray KeepOut(JsonObject spec)
    {
        var patch = new JsonArray();
        if (!(spec.Array("tolerations") ?? []).Any(ToleratesPools))
        {
            return patch;
        }

        var affinity = (JsonObject?)spec.Object("affinity")?.DeepClone() ?? [];
        var node = Child(affinity, "nodeAffinity");
        var required = Child(node, "requiredDuringSchedulingIgnoredDuringExecution");
        var terms = required.Array("nodeSelectorTerms");
        if (terms is null)
        {
            required["nodeSelectorTerms"] = terms = [];
        }

        if (terms.Count == 0)
        {
            terms.Add((JsonNode)new JsonObject());
        }

        var changed = false;
        foreach (var term in terms.OfType<JsonObject>())
        {
            var expressions = term.Array("matchExpressions");
            if (expressions is null)
            {
                term["matchExpressions"] = expressions = [];
            }

            if (!expressions.Any(e => e.String("key") == Key && e.String("operator") == "DoesNotExist"))
            {
                expressions.Add((JsonNode)new JsonObject { ["key"] = Key, ["operator"] = "DoesNotExist" });
                changed = true;
            }
        }

        if (changed)
        {
            Add(patch, "/spec/affinity", affinity);
        }

        return patch;
    }

    private static JsonArray TolerationsOf(JsonObject? pod) => pod.Object("spec").Array("tolerations") ?? [];

    private static bool ToleratesPools(JsonNode? toleration) => toleration.String("key") is null or "" or Key;

    private static JsonObject Child(JsonObject parent, string name)
    {
        if (parent.Object(name) is { } present)
        {
            return present;
        }

        var made = new JsonObject();
        parent[name] = made;
        return made;
    }

    private static void Add(JsonArray patch, string path, JsonNode value) =>
        patch.Add((JsonNode)new JsonObject { ["op"] = "add", ["path"] = path, ["value"] = value });

    private static PodPlacement Refuse(string message) => new([], message);
}

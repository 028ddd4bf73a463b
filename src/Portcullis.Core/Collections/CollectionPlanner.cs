using System.Text.Json.Nodes;
using Portcullis.Core.Drift;
using Portcullis.Core.Kept;
using Portcullis.Objects.Json;

namespace Portcullis.Core.Collections;

/// <summary>What to do, and the objects that are right as they are.</summary>
public sealed record CollectionPlan(IReadOnlyList<CollectionAction> Actions, IReadOnlyList<KeptObject> InPlace);

/// <summary>What to do so that exactly a collection's members carry its labels and guardrails. Destructive actions come last.</summary>
public static class CollectionPlanner
{
    private const string PodSecurityPrefix = "pod-security.kubernetes.io/";

    /// <summary><paramref name="collection"/> is null when it is leaving: then <paramref name="name"/> has no members at all.</summary>
    public static CollectionPlan Plan(
        string name, CollectionNode? collection, CollectionTree tree, CollectionObservation observed)
    {
        var actions = new List<CollectionAction>();
        var inPlace = new List<KeptObject>();
        if (collection is not null)
        {
            PlanMembers(collection, observed, actions, inPlace);
        }

        var mark = new CollectionMark(name, observed.Path);
        actions.AddRange(ReleasedNamespaces(mark, tree, observed));
        actions.AddRange(LateGuardrails(name, tree, observed).ExceptBy(actions.Select(a => a.Id), d => d.Id, StringComparer.Ordinal).ToList());
        actions.AddRange(
            from node in observed.Nodes.OrderBy(n => n.Key, StringComparer.Ordinal)
            where mark.IsOn(node.Value) && tree.OfClusterNode(node.Key) is null
            select new CollectionAction.ReleaseNode(node.Key, mark));
        return new CollectionPlan(actions, inPlace);
    }

    private static void PlanMembers(
        CollectionNode collection, CollectionObservation observed, List<CollectionAction> actions, List<KeptObject> inPlace)
    {
        foreach (var member in collection.NamespacesToCreate)
        {
            var create = new CollectionAction.CreateNamespace(member, NamespaceBody(collection, member, created: true));
            actions.Add(create);
            actions.AddRange(GuardrailObjects.For(collection, member).Select(o => new CollectionAction.ApplyGuardrail(o, Exists: false) { After = [create.Id] }));
        }

        foreach (var member in collection.Namespaces)
        {
            PlanNamespace(collection, member, observed, actions, inPlace);
        }

        foreach (var member in collection.Nodes)
        {
            PlanNode(collection, member, observed, actions, inPlace);
        }

        foreach (var member in collection.Namespaces)
        {
            actions.AddRange(Unwanted(member, [.. GuardrailObjects.For(collection, member)], observed));
        }
    }

    /// <summary>Namespaces that carry the collection's mark and are no collection's members any more.</summary>
    private static IEnumerable<CollectionAction> ReleasedNamespaces(CollectionMark mark, CollectionTree tree, CollectionObservation observed) =>
        from present in observed.Namespaces.OrderBy(n => n.Key, StringComparer.Ordinal)
        where mark.IsOn(present.Value)
            && tree.OfNamespace(present.Key) is null
            && present.Value.Object("metadata").String("deletionTimestamp") is null
        from action in Unwanted(present.Key, [], observed).Append(new CollectionAction.ReleaseNamespace(present.Key, mark))
        select action;

    /// <summary>Guardrails that were being written when their namespace was released.</summary>
    private static IEnumerable<CollectionAction> LateGuardrails(string name, CollectionTree tree, CollectionObservation observed) =>
        observed.Guardrails
            .Where(g => LabelOf(g.Value, WellKnown.Labels.Collection) == name && tree.OfNamespace(g.Key.Key.Namespace) is null)
            .Select(g => new CollectionAction.DeleteGuardrail(GuardrailObjects.Kinds.First(k => k.Plural == g.Key.Plural), g.Key.Key))
            .OrderBy(d => d.Describe(), StringComparer.Ordinal);

    /// <summary>The node's taints as they should be: others' as they are, ours exactly when it is in a pool.</summary>
    public static JsonArray Taints(JsonObject node, string? pool)
    {
        var taints = new JsonArray();
        foreach (var taint in node.Object("spec").Array("taints") ?? [])
        {
            if (taint.String("key") != WellKnown.Labels.NodePool)
            {
                taints.Add(taint?.DeepClone());
            }
        }

        if (pool is not null)
        {
            taints.Add((JsonNode)new JsonObject { ["key"] = WellKnown.Labels.NodePool, ["value"] = pool, ["effect"] = "NoSchedule" });
        }

        return taints;
    }

    private static void PlanNamespace(
        CollectionNode collection, string member, CollectionObservation observed, List<CollectionAction> actions, List<KeptObject> inPlace)
    {
        if (!observed.Namespaces.TryGetValue(member, out var present))
        {
            return;
        }

        var created = present.Object("metadata").Object("annotations")?.ContainsKey(WellKnown.Annotations.CreatedFor) == true;
        var body = NamespaceBody(collection, member, created);
        var wanted = collection.TreeLabels();
        var stale = Labels(present)
            .Select(l => l.Key)
            .Where(key => CollectionPath.IsTreeLabel(key) && !wanted.ContainsKey(key))
            .Order(StringComparer.Ordinal)
            .ToList();
        stale.AddRange(StalePodSecurity(collection, present));
        if (stale.Count > 0 || !DesiredState.Holds(body, present))
        {
            actions.Add(new CollectionAction.LabelNamespace(member, present.Object("metadata").String("uid") ?? "", body, stale));
        }
        else
        {
            inPlace.Add(new KeptObject(ClusterKinds.Namespace, ObjectKey.Cluster(member), body));
        }

        foreach (var wish in GuardrailObjects.For(collection, member))
        {
            var current = observed.Guardrails.GetValueOrDefault((wish.Resource.Plural, wish.Key));
            if (!KeptState.Holds(wish.Body, current))
            {
                actions.Add(new CollectionAction.ApplyGuardrail(wish, current is not null) { Adopts = collection.Adopts(member) });
            }
            else
            {
                inPlace.Add(wish);
            }
        }
    }

    private static void PlanNode(
        CollectionNode collection, string member, CollectionObservation observed, List<CollectionAction> actions, List<KeptObject> inPlace)
    {
        if (!observed.Nodes.TryGetValue(member, out var present))
        {
            return;
        }

        var pool = collection.Guardrails.NodePool;
        var labels = new JsonObject();
        foreach (var (key, value) in collection.TreeLabels())
        {
            labels[key] = value;
        }

        if (pool is not null)
        {
            labels[WellKnown.Labels.NodePool] = pool;
        }

        // A merge patch removes what is null.
        foreach (var stale in OwnLabels(present).Where(key => !labels.ContainsKey(key)))
        {
            labels[stale] = null;
        }

        var claim = new CollectionAction.ClaimNode(member, collection.Path, labels, pool);
        var isStale = Labels(present).Any(l => labels.ContainsKey(l.Key) && labels[l.Key] is null);
        var taintsHold = JsonNode.DeepEquals(Taints(present, pool), present.Object("spec").Array("taints") ?? []);
        if (isStale || !taintsHold || !DesiredState.Holds(claim.Wanted(), present))
        {
            actions.Add(claim);
        }
        else
        {
            inPlace.Add(new KeptObject(ClusterKinds.Node, ObjectKey.Cluster(member), claim.Wanted()));
        }
    }

    private static IEnumerable<CollectionAction> Unwanted(string @namespace, IReadOnlyList<KeptObject> wanted, CollectionObservation observed) =>
        from resource in GuardrailObjects.Kinds
        let key = new ObjectKey(@namespace, GuardrailObjects.Name)
        where observed.Guardrails.ContainsKey((resource.Plural, key)) && !wanted.Any(w => w.Resource == resource)
        select new CollectionAction.DeleteGuardrail(resource, key);

    private static JsonObject NamespaceBody(CollectionNode collection, string name, bool created)
    {
        var labels = new JsonObject();
        foreach (var (key, value) in collection.TreeLabels().Concat(GuardrailObjects.PodSecurityLabels(collection.Guardrails.PodSecurity)))
        {
            labels[key] = value;
        }

        var annotations = new JsonObject { [WellKnown.Annotations.AccessLabel] = collection.Path };
        if (created)
        {
            annotations[WellKnown.Annotations.CreatedFor] = collection.Name;
        }

        return new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Namespace",
            ["metadata"] = new JsonObject { ["name"] = name, ["labels"] = labels, ["annotations"] = annotations },
        };
    }

    /// <summary>Labels of ours on an object: the tree's, the collection's, the pool's, and Pod Security labels that we own.</summary>
    public static IReadOnlyList<string> OwnLabels(JsonObject present) =>
    [
        .. Labels(present)
            .Select(l => l.Key)
            .Where(key => CollectionPath.IsTreeLabel(key)
                || key is WellKnown.Labels.Collection or WellKnown.Labels.NodePool
                || (key.StartsWith(PodSecurityPrefix, StringComparison.Ordinal) && IsOwned(present, key)))
            .Order(StringComparer.Ordinal),
    ];

    private static IEnumerable<string> StalePodSecurity(CollectionNode collection, JsonObject present)
    {
        var wanted = GuardrailObjects.PodSecurityLabels(collection.Guardrails.PodSecurity).Select(l => l.Key).ToHashSet(StringComparer.Ordinal);
        return Labels(present)
            .Select(l => l.Key)
            .Where(key => key.StartsWith(PodSecurityPrefix, StringComparison.Ordinal) && !wanted.Contains(key) && IsOwned(present, key))
            .Order(StringComparer.Ordinal);
    }

    /// <summary>By us and nobody else: a label that somebody applies as well stays when ours goes.</summary>
    private static bool IsOwned(JsonObject present, string label)
    {
        var owners = (present.Object("metadata").Array("managedFields") ?? [])
            .Where(entry => entry.Object("fieldsV1").Object("f:metadata").Object("f:labels")?.ContainsKey($"f:{label}") == true)
            .Select(entry => entry.String("manager"))
            .ToList();
        return owners.Count > 0 && owners.TrueForAll(manager => manager == WellKnown.Managers.Collections);
    }

    private static JsonObject Labels(JsonObject present) => present.Object("metadata").Object("labels") ?? [];

    private static string? LabelOf(JsonObject present, string key) => Labels(present).String(key);
}

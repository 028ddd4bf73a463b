using System.Text.Json.Nodes;

namespace Portcullis.Core.Collections;

/// <summary>One object that we keep, with where it lives.</summary>
public sealed record KeptObject(ApiResource Resource, ObjectKey Key, JsonObject Body);

/// <summary>What effective guardrails look like in a namespace: at most one object of each kind, all of one name.</summary>
public static class GuardrailObjects
{
    public const string Name = "portcullis-guardrails";

    private static readonly string[] PodSecurityModes = ["enforce", "audit", "warn"];

    public static IReadOnlyList<ApiResource> Kinds { get; } = [ClusterKinds.ResourceQuota, ClusterKinds.LimitRange, ClusterKinds.NetworkPolicy];

    /// <summary>The objects for one namespace of the collection.</summary>
    public static IReadOnlyList<KeptObject> For(CollectionNode collection, string @namespace)
    {
        var guardrails = collection.Guardrails;
        var objects = new List<KeptObject>();
        if (guardrails.Quota.Count > 0)
        {
            objects.Add(Keep(ClusterKinds.ResourceQuota, collection, @namespace, new JsonObject { ["hard"] = Map(guardrails.Quota) }));
        }

        if (guardrails.Limits.Count > 0)
        {
            objects.Add(Keep(ClusterKinds.LimitRange, collection, @namespace, new JsonObject { ["limits"] = Limits(guardrails) }));
        }

        if (guardrails.Network is { } network)
        {
            objects.Add(Keep(ClusterKinds.NetworkPolicy, collection, @namespace, Policy(network)));
        }

        return objects;
    }

    /// <summary>The Pod Security labels of a namespace; none when no level is asked.</summary>
    public static IEnumerable<KeyValuePair<string, string>> PodSecurityLabels(PodSecurityLevel? level)
    {
        if (level is not { } asked)
        {
            yield break;
        }

        foreach (var mode in PodSecurityModes)
        {
            yield return new($"pod-security.kubernetes.io/{mode}", asked.ToString().ToLowerInvariant());
        }

        yield return new("pod-security.kubernetes.io/enforce-version", "latest");
    }

    private static KeptObject Keep(ApiResource resource, CollectionNode collection, string @namespace, JsonObject spec) =>
        new(resource, new ObjectKey(@namespace, Name), new JsonObject
        {
            ["apiVersion"] = resource.ApiVersion,
            ["kind"] = resource.Kind,
            ["metadata"] = new JsonObject
            {
                ["name"] = Name,
                ["namespace"] = @namespace,
                ["labels"] = new JsonObject
                {
                    [WellKnown.Labels.ManagedBy] = WellKnown.Labels.ManagedByValue,
                    [WellKnown.Labels.Collection] = collection.Name,
                },
            },
            ["spec"] = spec,
        });

    private static JsonArray Limits(EffectiveGuardrails guardrails)
    {
        var items = new JsonArray();
        foreach (var (type, limits) in guardrails.Limits)
        {
            var item = new JsonObject { ["type"] = type.ToString() };
            AddMap(item, "max", limits.Max);
            AddMap(item, "min", limits.Min);
            AddMap(item, "default", limits.Default);
            AddMap(item, "defaultRequest", limits.DefaultRequest);
            AddMap(item, "maxLimitRequestRatio", limits.MaxLimitRequestRatio);
            items.Add((JsonNode)item);
        }

        return items;
    }

    /// <summary>
    /// Connections to any pod come only from the anchor's namespaces. Egress is left open: isolation is of what may be reached, and closing
    /// egress would cut pods off from DNS and the API.
    /// </summary>
    private static JsonObject Policy(NetworkAnchor anchor)
    {
        var selector = anchor.Exact
            ? new JsonObject { ["matchLabels"] = new JsonObject { [WellKnown.Labels.Collection] = anchor.CollectionName } }
            : new JsonObject
            {
                ["matchExpressions"] = new JsonArray(new JsonObject { ["key"] = CollectionPath.TreeLabel(anchor.Path), ["operator"] = "Exists" }),
            };
        return new JsonObject
        {
            ["podSelector"] = new JsonObject(),
            ["policyTypes"] = new JsonArray("Ingress"),
            ["ingress"] = new JsonArray(new JsonObject { ["from"] = new JsonArray(new JsonObject { ["namespaceSelector"] = selector }) }),
        };
    }

    private static void AddMap(JsonObject item, string name, IReadOnlyDictionary<string, IntOrString> map)
    {
        if (map.Count > 0)
        {
            item[name] = Map(map);
        }
    }

    private static JsonObject Map(IReadOnlyDictionary<string, IntOrString> map)
    {
        var result = new JsonObject();
        foreach (var (name, value) in map.OrderBy(p => p.Key, StringComparer.Ordinal))
        {
            result[name] = value.Text;
        }

        return result;
    }
}

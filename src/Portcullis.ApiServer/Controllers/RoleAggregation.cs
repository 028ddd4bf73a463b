using System.Text.Json.Nodes;
using Portcullis.ApiServer.Admission;
using Portcullis.ApiServer.Authorization;
using Portcullis.ApiServer.Storage;
using Portcullis.Objects.Json;

namespace Portcullis.ApiServer.Controllers;

/// <summary>
/// Fills the rules of ClusterRoles with an <c>aggregationRule</c> from the roles that its selectors find.
/// https://kubernetes.io/docs/reference/access-authn-authz/rbac/#aggregated-clusterroles
/// </summary>
internal sealed class RoleAggregation(IObjectStore store, IResourceOperations operations) : IBuiltInController
{
    private readonly HashSet<string> _aggregating = new(StringComparer.Ordinal);

    public string Name => "clusterrole-aggregation-controller";

    public IEnumerable<string> AllKeys()
    {
        foreach (var stored in store.List(RbacKinds.ClusterRole).Where(stored => Aggregates(stored.Object)))
        {
            _ = _aggregating.Add(stored.Key.Name);
        }

        return [.. _aggregating];
    }

    public IEnumerable<string> KeysFor(StoreEvent change)
    {
        if (change.Object.Resource.QualifiedPlural != RbacKinds.ClusterRole.QualifiedPlural)
        {
            return [];
        }

        var name = change.Object.Key.Name;
        _ = !change.IsDeletion && Aggregates(change.Object.Object) ? _aggregating.Add(name) : _aggregating.Remove(name);

        // Only a role that carries labels, now or before, can be part of another.
        var isPart = SelectorMatch.LabelsOf(change.Object.Object) is { Count: > 0 } || SelectorMatch.LabelsOf(change.Previous?.Object) is { Count: > 0 };
        return isPart ? [.. _aggregating] : _aggregating.Contains(name) ? [name] : [];
    }

    public async Task<TimeSpan?> ReconcileAsync(string key, CancellationToken cancellationToken)
    {
        if (store.Get(RbacKinds.ClusterRole, ObjectKey.Cluster(key)) is not { } stored || !Aggregates(stored.Object))
        {
            return null;
        }

        var rules = Gather(stored);
        if (!JsonNode.DeepEquals(rules, stored.Object["rules"] ?? new JsonArray()))
        {
            var applied = new JsonObject
            {
                ["apiVersion"] = RbacKinds.ClusterRole.ApiVersion,
                ["kind"] = RbacKinds.ClusterRole.Kind,
                ["metadata"] = new JsonObject { ["name"] = key },
                ["rules"] = rules,
            };
            _ = await operations.ApplyAsync(Name, RbacKinds.ClusterRole, applied, cancellationToken);
        }

        return null;
    }

    private JsonArray Gather(StoredObject into)
    {
        var rules = new List<JsonNode>();
        foreach (var selector in into.Object.Object("aggregationRule").Array("clusterRoleSelectors") ?? [])
        {
            foreach (var part in store.List(RbacKinds.ClusterRole))
            {
                if (part.Key != into.Key && SelectorMatch.Matches(selector as JsonObject, SelectorMatch.LabelsOf(part.Object)))
                {
                    foreach (var rule in (part.Object.Array("rules") ?? []).OfType<JsonNode>())
                    {
                        if (!rules.Exists(present => JsonNode.DeepEquals(present, rule)))
                        {
                            rules.Add(rule);
                        }
                    }
                }
            }
        }

        return new JsonArray([.. rules.Select(rule => rule.DeepClone())]);
    }

    private static bool Aggregates(JsonObject role) => role.Object("aggregationRule").Array("clusterRoleSelectors") is { Count: > 0 };
}

using System.Text.Json.Nodes;
using Portcullis.ApiServer.Authorization;
using Portcullis.ApiServer.Kinds;
using Portcullis.ApiServer.Storage;
using Portcullis.Objects.Json;

namespace Portcullis.ApiServer.Controllers;

/// <summary>
/// What a cluster has before its first request: its namespaces, roles and bindings. Roles are topped up at each start with rules that
/// a newer program adds, unless their <c>autoupdate</c> annotation is false, as kube-apiserver does.
/// </summary>
internal sealed class Bootstrap(IObjectStore store, IResourceOperations operations)
{
    private const string Actor = "kube-apiserver";
    private const string AutoUpdate = "rbac.authorization.kubernetes.io/autoupdate";
    private static readonly string[] Namespaces = ["default", "kube-system", "kube-public", "kube-node-lease"];

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        foreach (var name in Namespaces)
        {
            await EnsureAsync(PolicyKinds.Namespace, new JsonObject
            {
                ["apiVersion"] = "v1",
                ["kind"] = "Namespace",
                ["metadata"] = new JsonObject { ["name"] = name },
            }, cancellationToken);
        }

        foreach (var role in BootstrapPolicy.Roles)
        {
            await EnsureAsync(RbacKinds.ClusterRole, role.ToJson(), cancellationToken);
        }

        foreach (var binding in BootstrapPolicy.Bindings)
        {
            await EnsureAsync(RbacKinds.ClusterRoleBinding, binding.ToJson(), cancellationToken);
        }

        // The first request may already be by someone bound to admin, edit or view.
        var aggregation = new RoleAggregation(store, operations);
        foreach (var role in (string[])["view", "edit", "admin"])
        {
            _ = await aggregation.ReconcileAsync(role, cancellationToken);
        }
    }

    private async Task EnsureAsync(ApiResource resource, JsonObject wanted, CancellationToken cancellationToken)
    {
        var key = ObjectKey.Cluster(wanted.Object("metadata").String("name") ?? "");
        if (store.Get(resource, key) is not { } present)
        {
            _ = await operations.CreateAsync(Actor, resource, wanted, cancellationToken);
        }
        else if (RbacKinds.IsRole(resource) && wanted["aggregationRule"] is null &&
            present.Object.Object("metadata").Object("annotations").String(AutoUpdate) != "false")
        {
            await TopUpAsync(present, wanted, cancellationToken);
        }
    }

    private async Task TopUpAsync(StoredObject present, JsonObject wanted, CancellationToken cancellationToken)
    {
        var missing = RuleCoverage.Missing(PolicyRule.ParseRules(present.Object), PolicyRule.ParseRules(wanted));
        if (missing.Count == 0)
        {
            return;
        }

        var value = present.Object.DeepClone().AsObject();
        if (value.Array("rules") is not { } rules)
        {
            value["rules"] = rules = [];
        }

        foreach (var rule in missing)
        {
            rules.Add((JsonNode)rule.ToJson());
        }

        _ = await operations.UpdateAsync(Actor, present.Resource, value, "", cancellationToken);
    }
}

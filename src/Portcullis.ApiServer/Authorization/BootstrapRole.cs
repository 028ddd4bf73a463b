using System.Text.Json.Nodes;

namespace Portcullis.ApiServer.Authorization;

/// <summary>A ClusterRole that every cluster is born with.</summary>
internal sealed record BootstrapRole(string Name, params PolicyRule[] Rules)
{
    /// <summary>Into which of admin, edit and view this role's rules flow.</summary>
    public IReadOnlyList<string> AggregatesTo { get; init; } = [];

    /// <summary>The label that gathers this role's rules; null for a role that states its own.</summary>
    public string? GatheredBy { get; init; }

    public JsonObject ToJson()
    {
        var labels = new JsonObject { ["kubernetes.io/bootstrapping"] = "rbac-defaults" };
        foreach (var target in AggregatesTo)
        {
            labels[$"rbac.authorization.k8s.io/aggregate-to-{target}"] = "true";
        }

        var role = new JsonObject
        {
            ["apiVersion"] = "rbac.authorization.k8s.io/v1",
            ["kind"] = "ClusterRole",
            ["metadata"] = new JsonObject
            {
                ["name"] = Name,
                ["labels"] = labels,
                ["annotations"] = new JsonObject { ["rbac.authorization.kubernetes.io/autoupdate"] = "true" },
            },
        };
        if (GatheredBy is null)
        {
            role["rules"] = new JsonArray([.. Rules.Select(rule => (JsonNode)rule.ToJson())]);
        }
        else
        {
            role["rules"] = null;
            role["aggregationRule"] = new JsonObject
            {
                ["clusterRoleSelectors"] = new JsonArray(
                    new JsonObject { ["matchLabels"] = new JsonObject { [$"rbac.authorization.k8s.io/aggregate-to-{GatheredBy}"] = "true" } }),
            };
        }

        return role;
    }
}

/// <summary>A ClusterRoleBinding that every cluster is born with; it has its role's name.</summary>
internal sealed record BootstrapBinding(string Role, params string[] Groups)
{
    public JsonObject ToJson() => new()
    {
        ["apiVersion"] = "rbac.authorization.k8s.io/v1",
        ["kind"] = "ClusterRoleBinding",
        ["metadata"] = new JsonObject
        {
            ["name"] = Role,
            ["labels"] = new JsonObject { ["kubernetes.io/bootstrapping"] = "rbac-defaults" },
            ["annotations"] = new JsonObject { ["rbac.authorization.kubernetes.io/autoupdate"] = "true" },
        },
        ["roleRef"] = new JsonObject { ["apiGroup"] = RbacKinds.GroupName, ["kind"] = "ClusterRole", ["name"] = Role },
        ["subjects"] = new JsonArray([.. Groups.Select(group => (JsonNode)new JsonObject
        {
            ["apiGroup"] = RbacKinds.GroupName,
            ["kind"] = "Group",
            ["name"] = group,
        })]),
    };
}

using System.Text.Json.Nodes;

namespace Portcullis.Core.Roles;

/// <summary>A role with everything worked out: what its ClusterRole says and what counts elsewhere.</summary>
public sealed record ResolvedRole
{
    public const string ClusterRolePrefix = "portcullis:";

    /// <summary>Lower case: the AccessRole's name, or <c>viewonly</c> for ViewOnly.</summary>
    public required string Name { get; init; }

    public required IReadOnlyList<RoleRule> Rules { get; init; }

    /// <summary>Names of <see cref="PodOptions"/>, sorted.</summary>
    public required IReadOnlyList<string> Options { get; init; }

    /// <summary>All Docker-style operations with their options, for the registry and the engine: <c>Container Create [Privileged]</c> splits into both.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyList<string>> Operations { get; init; }

    public string ClusterRoleName => ClusterRolePrefix + Name;

    /// <summary>A role that gives nothing in Kubernetes needs no binding.</summary>
    public bool IsEmpty => Rules.Count == 0;

    public IReadOnlyList<string> OutsideKubernetes =>
        [.. Operations.Keys.Where(name => DockerOperations.All.TryGetValue(name, out var operation) && operation.Rules.Count == 0)];

    /// <summary>The ClusterRole as it is applied.</summary>
    public JsonObject ClusterRole()
    {
        var rules = new JsonArray();
        foreach (var rule in Rules)
        {
            var node = new JsonObject { ["apiGroups"] = Strings(rule.ApiGroups), ["resources"] = Strings(rule.Resources) };
            if (rule.ResourceNames is { Count: > 0 } names)
            {
                node["resourceNames"] = Strings(names);
            }

            node["verbs"] = Strings(rule.Verbs);
            rules.Add((JsonNode)node);
        }

        return new JsonObject
        {
            ["apiVersion"] = ClusterKinds.ClusterRole.ApiVersion,
            ["kind"] = ClusterKinds.ClusterRole.Kind,
            ["metadata"] = new JsonObject
            {
                ["name"] = ClusterRoleName,
                ["labels"] = new JsonObject
                {
                    [WellKnown.Labels.ManagedBy] = WellKnown.Labels.ManagedByValue,
                    [WellKnown.Labels.Role] = Name,
                },
            },
            ["rules"] = rules,
        };
    }

    private static JsonArray Strings(IEnumerable<string> values)
    {
        var array = new JsonArray();
        foreach (var value in values)
        {
            array.Add((JsonNode)JsonValue.Create(value));
        }

        return array;
    }
}

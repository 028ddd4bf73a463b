using System.Text.Json.Nodes;
using Portcullis.Objects.Json;

namespace Portcullis.ApiServer.Admission.Quotas;

/// <summary>Which objects a quota counts: all, or only the pods of its scopes.</summary>
internal sealed class QuotaScopes
{
    private readonly List<(string Scope, string Operator, List<string> Values)> _terms = [];

    public static QuotaScopes Read(JsonObject quota)
    {
        var scopes = new QuotaScopes();
        var spec = quota.Object("spec");
        foreach (var scope in spec.Strings("scopes"))
        {
            scopes._terms.Add((scope, "Exists", []));
        }

        foreach (var term in spec.Object("scopeSelector").Array("matchExpressions") ?? [])
        {
            scopes._terms.Add((term.String("scopeName") ?? "", term.String("operator") ?? "Exists", term.Strings("values")));
        }

        return scopes;
    }

    public bool Match(ApiResource resource, JsonObject value) =>
        _terms.Count == 0 || (resource is { Group: "", Plural: "pods" } && _terms.TrueForAll(term => Matches(term, value.Object("spec"))));

    private static bool Matches((string Scope, string Operator, List<string> Values) term, JsonObject? spec) => term.Scope switch
    {
        "Terminating" => spec?["activeDeadlineSeconds"] is not null,
        "NotTerminating" => spec?["activeDeadlineSeconds"] is null,
        "BestEffort" => IsBestEffort(spec),
        "NotBestEffort" => !IsBestEffort(spec),
        "PriorityClass" => term.Operator switch
        {
            "Exists" => spec.String("priorityClassName") is { Length: > 0 },
            "DoesNotExist" => spec.String("priorityClassName") is null or "",
            "In" => term.Values.Contains(spec.String("priorityClassName") ?? "", StringComparer.Ordinal),
            "NotIn" => !term.Values.Contains(spec.String("priorityClassName") ?? "", StringComparer.Ordinal),
            _ => false,
        },
        "CrossNamespacePodAffinity" => HasCrossNamespaceAffinity(spec),
        _ => false,
    };

    private static bool IsBestEffort(JsonObject? spec) => PodTemplates.AllContainers(spec).All(container =>
        container.Object("resources").Object("requests") is null or { Count: 0 } && container.Object("resources").Object("limits") is null or { Count: 0 });

    private static bool HasCrossNamespaceAffinity(JsonObject? spec)
    {
        foreach (var kind in (string[])["podAffinity", "podAntiAffinity"])
        {
            var affinity = spec.Object("affinity").Object(kind);
            var terms = (affinity.Array("requiredDuringSchedulingIgnoredDuringExecution") ?? [])
                .Concat((affinity.Array("preferredDuringSchedulingIgnoredDuringExecution") ?? []).Select(weighted => weighted.Object("podAffinityTerm")));
            if (terms.Any(term => term.Array("namespaces") is { Count: > 0 } || term.Object("namespaceSelector") is not null))
            {
                return true;
            }
        }

        return false;
    }
}

using System.Text.Json.Nodes;
using Portcullis.Objects.Json;
using Portcullis.Schemas.Structural;
using static Portcullis.ApiServer.Admission.KindFieldErrors;

namespace Portcullis.ApiServer.Admission;

/// <summary>Checks of the scopes of a ResourceQuota (kubernetes validation: validateResourceQuotaScopes, validateScopedResourceSelectorRequirement).</summary>
internal static class QuotaScopeRules
{
    private const string BestEffort = "BestEffort";
    private const string Pods = "pods";
    private const string SelectorPath = "spec.scopeSelector.matchExpressions";

    private static readonly string[] Scopes = [BestEffort, "CrossNamespacePodAffinity", "NotBestEffort", "NotTerminating", "PriorityClass", "Terminating"];
    private static readonly string[] PodAmounts = [Pods, "cpu", "limits.cpu", "limits.memory", "memory", "requests.cpu", "requests.memory"];
    private static readonly string[][] Conflicts = [[BestEffort, "NotBestEffort"], ["NotTerminating", "Terminating"]];

    public static IEnumerable<FieldError> Validate(JsonObject? spec)
    {
        var bounded = (spec.Object("hard") ?? []).Select(h => h.Key).Where(n => !n.Contains('/', StringComparison.Ordinal)).Order(StringComparer.Ordinal).ToList();
        return OfList(spec, bounded).Concat(OfSelector(spec, bounded));
    }

    private static IEnumerable<FieldError> OfList(JsonObject? spec, List<string> bounded)
    {
        var (scopes, shown) = (spec.Strings("scopes"), KubernetesJson.ToText(spec?["scopes"]));
        foreach (var scope in scopes)
        {
            if (!Scopes.Contains(scope, StringComparer.Ordinal))
            {
                yield return Invalid("spec.scopes", shown, "unsupported scope");
            }

            foreach (var _ in bounded.Where(b => !Counts(scope, b)))
            {
                yield return Invalid("spec.scopes", shown, "unsupported scope applied to resource");
            }
        }

        foreach (var _ in Conflicts.Where(c => c.All(scopes.Contains)))
        {
            yield return Invalid("spec.scopes", shown, "conflicting scopes");
        }
    }

    private static IEnumerable<FieldError> OfSelector(JsonObject? spec, List<string> bounded)
    {
        var terms = spec.Object("scopeSelector").Array("matchExpressions") ?? [];
        foreach (var term in terms)
        {
            var scope = term.String("scopeName") ?? "";
            if (!Scopes.Contains(scope, StringComparer.Ordinal))
            {
                yield return Invalid($"{SelectorPath}.scopeName", Text(scope), "unsupported scope");
            }

            foreach (var _ in bounded.Where(b => !Counts(scope, b)))
            {
                yield return Invalid(SelectorPath, KubernetesJson.ToText(spec?["scopeSelector"]), "unsupported scope applied to resource");
            }

            foreach (var error in OfTerm(term, scope))
            {
                yield return error;
            }
        }

        var named = terms.Select(t => t.String("scopeName")).ToHashSet();
        foreach (var _ in Conflicts.Where(c => c.All(named.Contains)))
        {
            // The server shows spec.scopes here too.
            yield return Invalid(SelectorPath, KubernetesJson.ToText(spec?["scopes"]), "conflicting scopes");
        }
    }

    private static IEnumerable<FieldError> OfTerm(JsonNode? term, string scope)
    {
        var (asked, values) = (term.String("operator") ?? "", term.Strings("values"));
        if (scope != "PriorityClass" && Scopes.Contains(scope, StringComparer.Ordinal) && asked != "Exists")
        {
            yield return Invalid(
                $"{SelectorPath}.operator",
                Text(asked),
                "must be 'Exist' when scope is any of ResourceQuotaScopeTerminating, ResourceQuotaScopeNotTerminating, ResourceQuotaScopeBestEffort, ResourceQuotaScopeNotBestEffort or ResourceQuotaScopeCrossNamespacePodAffinity");
        }

        switch (asked)
        {
            case "In" or "NotIn" when values.Count == 0:
                yield return Required($"{SelectorPath}.values", "must be at least one value when `operator` is 'In' or 'NotIn' for scope selector");
                break;
            case "Exists" or "DoesNotExist" when values.Count > 0:
                yield return Invalid($"{SelectorPath}.values", KubernetesJson.ToText(term?["values"]), "must be no value when `operator` is 'Exist' or 'DoesNotExist' for scope selector");
                break;
            case not ("In" or "NotIn" or "Exists" or "DoesNotExist"):
                yield return Invalid($"{SelectorPath}.operator", Text(asked), "not a valid selector operator");
                break;
        }
    }

    /// <summary>Whether an amount can be counted of the pods of a scope alone. Of a scope that is unknown that is not asked.</summary>
    private static bool Counts(string scope, string bounded) =>
        !Scopes.Contains(scope, StringComparer.Ordinal) || (scope == BestEffort ? bounded == Pods : PodAmounts.Contains(bounded, StringComparer.Ordinal));
}

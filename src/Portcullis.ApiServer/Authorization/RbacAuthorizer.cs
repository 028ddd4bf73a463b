using Portcullis.ApiServer.Authentication;
using Portcullis.ApiServer.Http;

namespace Portcullis.ApiServer.Authorization;

/// <summary>
/// RBAC as kube-apiserver's <c>--authorization-mode=RBAC</c>: <c>system:masters</c> may everything; else the first binding whose
/// role allows the request decides; else no, with the roles that bindings name but that do not exist as the only reason.
/// </summary>
internal sealed class RbacAuthorizer(RbacIndex index)
{
    public const string MastersGroup = "system:masters";

    /// <summary>Called for every request and by the access reviews; in memory, so synchronous.</summary>
    public AuthorizationDecision Authorize(UserInfo user, RequestAttributes request)
    {
        if (user.Groups.Contains(MastersGroup, StringComparer.Ordinal))
        {
            return new AuthorizationDecision(true, "");
        }

        List<string>? missing = null;
        foreach (var (binding, subject) in index.BindingsOf(user, request.IsResourceRequest ? request.Namespace : ""))
        {
            if (index.RulesOf(binding) is not { } rules)
            {
                (missing ??= []).Add(NotFound(binding));
                continue;
            }

            foreach (var rule in rules)
            {
                if (rule.Allows(request))
                {
                    return new AuthorizationDecision(true, binding.ReasonFor(subject));
                }
            }
        }

        return new AuthorizationDecision(false, missing is null ? "" : "RBAC: " + Aggregate(missing));
    }

    /// <summary>Every rule the user has in a namespace (and in the cluster), with what could not be found on the way.</summary>
    public (IReadOnlyList<PolicyRule> Rules, IReadOnlyList<string> Errors) RulesFor(UserInfo user, string @namespace)
    {
        var rules = new List<PolicyRule>();
        var errors = new List<string>();
        foreach (var (binding, _) in index.BindingsOf(user, @namespace).DistinctBy(applied => applied.Binding.Key))
        {
            if (index.RulesOf(binding) is { } found)
            {
                rules.AddRange(found);
            }
            else
            {
                errors.Add(NotFound(binding));
            }
        }

        return (rules, errors);
    }

    private static string NotFound(RbacBinding binding) =>
        $"{(binding.RoleKind == "ClusterRole" ? "clusterrole" : "role")}.rbac.authorization.k8s.io \"{binding.RoleName}\" not found";

    /// <summary>Several errors as apimachinery's aggregate writes them.</summary>
    private static string Aggregate(IReadOnlyList<string> errors)
    {
        var distinct = errors.Distinct(StringComparer.Ordinal).ToList();
        return distinct.Count == 1 ? distinct[0] : $"[{string.Join(", ", distinct)}]";
    }
}

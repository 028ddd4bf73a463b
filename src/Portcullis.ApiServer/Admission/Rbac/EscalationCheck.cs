using System.Text.Json.Nodes;
using Portcullis.ApiServer.Authentication;
using Portcullis.ApiServer.Authorization;
using Portcullis.ApiServer.Http;
using Portcullis.Objects.Json;

namespace Portcullis.ApiServer.Admission.Rbac;

/// <summary>
/// Nobody gives what he has not: a write of a role needs every permission in it (or <c>escalate</c> on it), a write of a binding
/// every permission of the role it names (or <c>bind</c> on that role); an aggregation rule can gather anything, so it needs
/// everything. <c>system:masters</c> is free.
/// https://kubernetes.io/docs/reference/access-authn-authz/rbac/#privilege-escalation-prevention-and-bootstrapping
/// </summary>
internal sealed class EscalationCheck(RbacAuthorizer authorizer, RbacIndex index) : IAdmissionPlugin
{
    private static readonly IReadOnlyList<PolicyRule> Everything =
    [
        new() { Verbs = [PolicyRule.All], ApiGroups = [PolicyRule.All], Resources = [PolicyRule.All] },
        new() { Verbs = [PolicyRule.All], NonResourceUrls = [PolicyRule.All] },
    ];

    public ValueTask MutateAsync(AdmissionAttributes request, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public ValueTask ValidateAsync(AdmissionAttributes request, CancellationToken cancellationToken)
    {
        if (request.Object is { } value && request.Operation is "CREATE" or "UPDATE" &&
            !request.User.Groups.Contains(RbacAuthorizer.MastersGroup, StringComparer.Ordinal) && !ChangesOnlyItsLife(request))
        {
            if (RbacKinds.IsRole(request.Resource))
            {
                CheckRole(request, value);
            }
            else if (RbacKinds.IsBinding(request.Resource))
            {
                CheckBinding(request, value);
            }
        }

        return ValueTask.CompletedTask;
    }

    private void CheckRole(AdmissionAttributes request, JsonObject role)
    {
        if (May(request.User, "escalate", request.Resource, request.Attributes.Namespace, Denial.NameOf(request)))
        {
            return;
        }

        if (AggregatesAnything(role) || AggregatesAnything(request.OldObject))
        {
            if (Escalation(request, Everything) is not null)
            {
                throw Denial.Forbidden(request, "must have cluster-admin privileges to use the aggregationRule");
            }
        }

        if (Escalation(request, PolicyRule.ParseRules(role)) is { } problem)
        {
            throw Denial.Forbidden(request, problem);
        }
    }

    private void CheckBinding(AdmissionAttributes request, JsonObject value)
    {
        var binding = RbacBinding.Parse(new ObjectKey(request.Attributes.Namespace, Denial.NameOf(request)), value);
        var role = binding.RoleKind == "ClusterRole" ? RbacKinds.ClusterRole : RbacKinds.Role;
        if (May(request.User, "bind", role, request.Attributes.Namespace, binding.RoleName))
        {
            return;
        }

        if (index.RulesOf(binding) is not { } rules)
        {
            throw Denial.NotFound(role.Group, role.Plural, binding.RoleName);
        }

        if (Escalation(request, rules) is { } problem)
        {
            throw Denial.Forbidden(request, problem);
        }
    }

    private string? Escalation(AdmissionAttributes request, IReadOnlyList<PolicyRule> wanted)
    {
        var (owned, errors) = authorizer.RulesFor(request.User, request.Attributes.Namespace);
        var missing = RuleCoverage.Missing(owned, wanted);
        if (missing.Count == 0)
        {
            return null;
        }

        var lines = missing.Select(PolicyRuleText.Describe).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);
        var text = $"user {PolicyRuleText.Quote(request.User.Name)} (groups={PolicyRuleText.Quote(request.User.Groups)}) " +
            $"is attempting to grant RBAC permissions not currently held:\n{string.Join('\n', lines)}";
        return errors.Count == 0 ? text : $"{text}; resolution errors: [{string.Join(", ", errors)}]";
    }

    private bool May(UserInfo user, string verb, ApiResource resource, string @namespace, string name) => authorizer.Authorize(
        user,
        new RequestAttributes
        {
            Verb = verb,
            Path = "",
            IsResourceRequest = true,
            Group = resource.Group,
            Version = "*",
            Resource = resource.Plural,
            Namespace = @namespace,
            Name = name,
        }).Allowed;

    private static bool AggregatesAnything(JsonObject? role) => role.Object("aggregationRule") is { Count: > 0 };

    /// <summary>The garbage collector's and a deleter's changes of finalizers and owners give nobody anything.</summary>
    private static bool ChangesOnlyItsLife(AdmissionAttributes request)
    {
        if (request.OldObject is not { } old || request.Object is not { } value)
        {
            return false;
        }

        return JsonNode.DeepEquals(WithoutLife(old), WithoutLife(value));
    }

    private static JsonObject WithoutLife(JsonObject value)
    {
        var copy = value.DeepClone().AsObject();
        if (copy.Object("metadata") is { } metadata)
        {
            foreach (var name in (string[])["ownerReferences", "finalizers", "managedFields", "resourceVersion", "generation"])
            {
                _ = metadata.Remove(name);
            }
        }

        return copy;
    }
}

using System.Text.Json.Nodes;
using Portcullis.ApiServer.Authorization;
using Portcullis.ApiServer.Kinds;
using Portcullis.Objects.Json;
using Portcullis.Schemas.Structural;
using static Portcullis.ApiServer.Admission.KindFieldErrors;

namespace Portcullis.ApiServer.Admission.Rbac;

/// <summary>What roles and bindings must be like beyond their schema (kubernetes pkg/apis/rbac/validation and its v1 defaults).</summary>
internal sealed class RbacRules : IKindRule
{
    public bool AppliesTo(ApiResource resource) => RbacKinds.IsRole(resource) || RbacKinds.IsBinding(resource);

    public void ApplyDefaults(JsonObject value)
    {
        if (value.Object("roleRef") is { } role && role.String("apiGroup") is null or "")
        {
            role["apiGroup"] = RbacKinds.GroupName;
        }

        foreach (var subject in value.Array("subjects")?.OfType<JsonObject>() ?? [])
        {
            if (subject.String("apiGroup") is null or "" && subject.String("kind") is BindingSubject.User or BindingSubject.Group)
            {
                subject["apiGroup"] = RbacKinds.GroupName;
            }
        }
    }

    public IReadOnlyList<FieldError> Validate(JsonObject value, JsonObject? old)
    {
        var errors = new List<FieldError>();
        switch (value.String("kind"))
        {
            case "Role":
                ValidateRules(value, isNamespaced: true, errors);
                break;
            case "ClusterRole":
                ValidateRules(value, isNamespaced: false, errors);
                break;
            case "RoleBinding" or "ClusterRoleBinding":
                ValidateBinding(value, value.String("kind") == "RoleBinding", errors);
                ValidateRoleUnchanged(value, old, errors);
                break;
        }

        return errors;
    }

    private static void ValidateRules(JsonObject role, bool isNamespaced, List<FieldError> errors)
    {
        var rules = PolicyRule.ParseRules(role);
        for (var i = 0; i < rules.Count; i++)
        {
            ValidateRule(rules[i], isNamespaced, $"rules[{i}]", errors);
        }
    }

    private static void ValidateRule(PolicyRule rule, bool isNamespaced, string path, List<FieldError> errors)
    {
        if (rule.Verbs.Count == 0)
        {
            errors.Add(Required($"{path}.verbs", "verbs must contain at least one value"));
        }

        if (rule.NonResourceUrls.Count > 0)
        {
            var urls = KubernetesJson.ToText(KubernetesJson.ToArray(rule.NonResourceUrls));
            if (isNamespaced)
            {
                errors.Add(Invalid($"{path}.nonResourceURLs", urls, "namespaced rules cannot apply to non-resource URLs"));
            }

            if (rule.ApiGroups.Count > 0 || rule.Resources.Count > 0 || rule.ResourceNames.Count > 0)
            {
                errors.Add(Invalid($"{path}.nonResourceURLs", urls, "rules cannot apply to both regular resources and non-resource URLs"));
            }

            return;
        }

        if (rule.ApiGroups.Count == 0)
        {
            errors.Add(Required($"{path}.apiGroups", "resource rules must supply at least one api group"));
        }

        if (rule.Resources.Count == 0)
        {
            errors.Add(Required($"{path}.resources", "resource rules must supply at least one resource"));
        }
    }

    private static void ValidateBinding(JsonObject binding, bool isNamespaced, List<FieldError> errors)
    {
        var role = binding.Object("roleRef");
        if ((role.String("apiGroup") ?? "") is var group && group != RbacKinds.GroupName)
        {
            errors.Add(NotSupported("roleRef.apiGroup", group, RbacKinds.GroupName));
        }

        var kind = role.String("kind") ?? "";
        if (isNamespaced ? kind is not ("Role" or "ClusterRole") : kind != "ClusterRole")
        {
            errors.Add(isNamespaced ? NotSupported("roleRef.kind", kind, "Role", "ClusterRole") : NotSupported("roleRef.kind", kind, "ClusterRole"));
        }

        var name = role.String("name") ?? "";
        if (name.Length == 0)
        {
            errors.Add(Required("roleRef.name", ""));
        }
        else if (PathSegmentProblem(name) is { } problem)
        {
            errors.Add(Invalid("roleRef.name", Text(name), problem));
        }

        var subjects = binding.Array("subjects") ?? [];
        for (var i = 0; i < subjects.Count; i++)
        {
            ValidateSubject(subjects[i], isNamespaced, $"subjects[{i}]", errors);
        }
    }

    private static void ValidateSubject(JsonNode? subject, bool isNamespaced, string path, List<FieldError> errors)
    {
        if (subject.String("name") is null or "")
        {
            errors.Add(Required($"{path}.name", ""));
        }

        var group = subject.String("apiGroup") ?? "";
        switch (subject.String("kind"))
        {
            case BindingSubject.ServiceAccount:
                if (subject.String("name") is { Length: > 0 } account)
                {
                    errors.AddRange(DnsSubdomain.Problems(account).Select(p => Invalid($"{path}.name", Text(account), p)));
                }

                if (group.Length > 0)
                {
                    errors.Add(NotSupported($"{path}.apiGroup", group, ""));
                }

                if (!isNamespaced && subject.String("namespace") is null or "")
                {
                    errors.Add(Required($"{path}.namespace", ""));
                }

                break;
            case BindingSubject.User or BindingSubject.Group:
                if (group != RbacKinds.GroupName)
                {
                    errors.Add(NotSupported($"{path}.apiGroup", group, RbacKinds.GroupName));
                }

                break;
            default:
                errors.Add(NotSupported(
                    $"{path}.kind", subject.String("kind") ?? "", BindingSubject.ServiceAccount, BindingSubject.User, BindingSubject.Group));
                break;
        }
    }

    private static void ValidateRoleUnchanged(JsonObject value, JsonObject? old, List<FieldError> errors)
    {
        if (old is null || JsonNode.DeepEquals(old["roleRef"], value["roleRef"]))
        {
            return;
        }

        // The real server shows its internal struct, hence the capitals.
        var role = value.Object("roleRef");
        var shown = new JsonObject
        {
            ["APIGroup"] = role.String("apiGroup") ?? "",
            ["Kind"] = role.String("kind") ?? "",
            ["Name"] = role.String("name") ?? "",
        };
        errors.Add(Invalid("roleRef", KubernetesJson.ToText(shown), "cannot change roleRef"));
    }

    private static string? PathSegmentProblem(string name) => name switch
    {
        "." or ".." => $"may not be '{name}'",
        _ when name.Contains('/', StringComparison.Ordinal) => "may not contain '/'",
        _ when name.Contains('%', StringComparison.Ordinal) => "may not contain '%'",
        _ => null,
    };
}

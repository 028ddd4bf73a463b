using System.Text.Json.Nodes;
using Portcullis.ApiServer.Kinds;
using Portcullis.Objects.Json;
using Portcullis.Schemas.Structural;
using static Portcullis.ApiServer.Admission.KindFieldErrors;

namespace Portcullis.ApiServer.Admission.Webhooks;

/// <summary>Defaults and checks of webhook configurations (kubernetes pkg/apis/admissionregistration v1 defaults and validation).</summary>
internal sealed class WebhookConfigurationRules : IKindRule
{
    private static readonly string[] Operations = ["*", "CONNECT", "CREATE", "DELETE", "UPDATE"];

    public bool AppliesTo(ApiResource resource) => resource.Group == "admissionregistration.k8s.io" &&
        resource.Plural is "mutatingwebhookconfigurations" or "validatingwebhookconfigurations";

    public void ApplyDefaults(JsonObject value)
    {
        var isMutating = value.String("kind") == "MutatingWebhookConfiguration";
        foreach (var webhook in value.Array("webhooks")?.OfType<JsonObject>() ?? [])
        {
            webhook["failurePolicy"] ??= "Fail";
            webhook["matchPolicy"] ??= "Equivalent";
            webhook["namespaceSelector"] ??= new JsonObject();
            webhook["objectSelector"] ??= new JsonObject();
            webhook["timeoutSeconds"] ??= 10;
            if (isMutating)
            {
                webhook["reinvocationPolicy"] ??= "Never";
            }

            foreach (var rule in webhook.Array("rules")?.OfType<JsonObject>() ?? [])
            {
                rule["scope"] ??= "*";
            }

            if (webhook.Object("clientConfig").Object("service") is { } service)
            {
                service["port"] ??= 443;
            }
        }
    }

    public IReadOnlyList<FieldError> Validate(JsonObject value, JsonObject? old)
    {
        var errors = new List<FieldError>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        var webhooks = value.Array("webhooks") ?? [];
        for (var i = 0; i < webhooks.Count; i++)
        {
            var path = $"webhooks[{i}]";
            ValidateWebhook(webhooks[i], path, errors);
            if (webhooks[i].String("name") is { Length: > 0 } name && !names.Add(name))
            {
                errors.Add(new FieldError("FieldValueDuplicate", $"{path}.name", $"Duplicate value: {Text(name)}"));
            }
        }

        return errors;
    }

    private static void ValidateWebhook(JsonNode? webhook, string path, List<FieldError> errors)
    {
        var name = webhook.String("name") ?? "";
        if (name.Length == 0)
        {
            errors.Add(Required($"{path}.name", ""));
        }
        else if (name.Split('.').Length < 3)
        {
            errors.Add(Invalid($"{path}.name", Text(name), "should be a domain with at least three segments separated by dots"));
        }
        else
        {
            errors.AddRange(DnsSubdomain.Problems(name).Select(p => Invalid($"{path}.name", Text(name), p)));
        }

        var rules = webhook.Array("rules") ?? [];
        for (var i = 0; i < rules.Count; i++)
        {
            ValidateRule(rules[i], $"{path}.rules[{i}]", errors);
        }

        Choice(webhook, path, "failurePolicy", errors, "Fail", "Ignore");
        Choice(webhook, path, "matchPolicy", errors, "Equivalent", "Exact");
        if (webhook.String("sideEffects") is null)
        {
            errors.Add(Required($"{path}.sideEffects", "must specify one of None, NoneOnDryRun"));
        }

        Choice(webhook, path, "sideEffects", errors, "None", "NoneOnDryRun");
        if (webhook.Long("timeoutSeconds") is { } seconds and (< 1 or > 30))
        {
            errors.Add(Invalid($"{path}.timeoutSeconds", $"{seconds}", "the timeout value must be between 1 and 30 seconds"));
        }

        Choice(webhook, path, "reinvocationPolicy", errors, "IfNeeded", "Never");
        ValidateClient(webhook.Object("clientConfig"), $"{path}.clientConfig", errors);
        ValidateConditions(webhook.Array("matchConditions") ?? [], $"{path}.matchConditions", errors);
        ValidateVersions(webhook, $"{path}.admissionReviewVersions", errors);
    }

    private static void ValidateRule(JsonNode? rule, string path, List<FieldError> errors)
    {
        foreach (var (field, problem) in ((string, string)[])[("operations", ""), ("apiGroups", ""), ("apiVersions", ""), ("resources", "")])
        {
            if (rule.Strings(field).Count == 0)
            {
                errors.Add(Required($"{path}.{field}", problem));
            }
        }

        var operations = rule.Strings("operations");
        if (operations.Count > 1 && operations.Contains("*", StringComparer.Ordinal))
        {
            errors.Add(Invalid($"{path}.operations", List(operations), "if '*' is present, must not specify other operations"));
        }

        for (var i = 0; i < operations.Count; i++)
        {
            if (!Operations.Contains(operations[i], StringComparer.Ordinal))
            {
                errors.Add(NotSupported($"{path}.operations[{i}]", operations[i], Operations));
            }
        }

        Choice(rule, path, "scope", errors, "*", "Cluster", "Namespaced");
    }

    private static void ValidateClient(JsonObject? client, string path, List<FieldError> errors)
    {
        var url = client.String("url");
        var service = client.Object("service");
        if ((url is null) == (service is null))
        {
            errors.Add(Required(path, "exactly one of url or service is required"));
        }
        else if (url is not null)
        {
            ValidateUrl(url, $"{path}.url", errors);
        }
        else
        {
            foreach (var field in (string[])["name", "namespace"])
            {
                if (service.String(field) is null or "")
                {
                    errors.Add(Required($"{path}.service.{field}", $"service {field} is required"));
                }
            }
        }
    }

    private static void ValidateUrl(string url, string path, List<FieldError> errors)
    {
        const string form = "; desired format: https://host[/path]";
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri))
        {
            errors.Add(Invalid(path, Text(url), $"url must be a valid URL{form}"));
            return;
        }

        if (uri.Scheme != "https")
        {
            errors.Add(Invalid(path, Text(uri.Scheme), $"'https' is the only allowed URL scheme{form}"));
        }

        if (uri.Host.Length == 0)
        {
            errors.Add(Invalid(path, Text(""), $"host must be specified{form}"));
        }

        if (uri.UserInfo.Length > 0)
        {
            errors.Add(Invalid(path, Text("REDACTED"), "user information is not permitted in the URL"));
        }

        if (uri.Fragment.Length > 0)
        {
            errors.Add(Invalid(path, Text(uri.Fragment[1..]), "fragments are not permitted in the URL"));
        }

        if (uri.Query.Length > 0)
        {
            errors.Add(Invalid(path, Text(uri.Query[1..]), "query parameters are not permitted in the URL"));
        }
    }

    private static void ValidateConditions(JsonArray conditions, string path, List<FieldError> errors)
    {
        for (var i = 0; i < conditions.Count; i++)
        {
            if (conditions[i].String("name") is null or "")
            {
                errors.Add(Required($"{path}[{i}].name", ""));
            }

            if (WebhookConditions.Problem(conditions[i].String("expression") ?? "") is { } problem)
            {
                errors.Add(Invalid($"{path}[{i}].expression", Text(conditions[i].String("expression") ?? ""), problem));
            }
        }
    }

    private static void ValidateVersions(JsonNode? webhook, string path, List<FieldError> errors)
    {
        var versions = webhook.Strings("admissionReviewVersions");
        if (versions.Count == 0)
        {
            errors.Add(Required(path, "must specify one of v1, v1beta1"));
        }
        else if (!versions.Exists(version => version is "v1" or "v1beta1"))
        {
            errors.Add(Invalid(path, List(versions), "must include at least one of v1, v1beta1"));
        }
        else if (!versions.Contains("v1", StringComparer.Ordinal))
        {
            errors.Add(Invalid(path, List(versions), "this API server speaks v1 only"));
        }
    }

    private static void Choice(JsonNode? node, string path, string field, List<FieldError> errors, params string[] supported)
    {
        if (node.String(field) is { } value && !supported.Contains(value, StringComparer.Ordinal))
        {
            errors.Add(NotSupported($"{path}.{field}", value, supported));
        }
    }

    private static string List(IEnumerable<string> values) => KubernetesJson.ToText(KubernetesJson.ToArray(values));
}

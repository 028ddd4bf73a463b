using System.Text.Json.Nodes;
using Portcullis.Objects.Json;

namespace Portcullis.ApiServer.Admission.Webhooks;

/// <summary>Which requests a rule of a webhook means (admissionregistration/v1 RuleWithOperations).</summary>
internal sealed record RuleWithOperations
{
    private const string All = "*";

    public required IReadOnlyList<string> Operations { get; init; }

    public required IReadOnlyList<string> Groups { get; init; }

    public required IReadOnlyList<string> Versions { get; init; }

    public required IReadOnlyList<string> Resources { get; init; }

    public required string Scope { get; init; }

    public static RuleWithOperations Parse(JsonNode? rule) => new()
    {
        Operations = rule.Strings("operations"),
        Groups = rule.Strings("apiGroups"),
        Versions = rule.Strings("apiVersions"),
        Resources = rule.Strings("resources"),
        Scope = rule.String("scope") ?? All,
    };

    /// <summary>Everything but the version.</summary>
    public bool Matches(AdmissionAttributes request) =>
        Has(Operations, request.Operation) && Has(Groups, request.Resource.Group) && MatchesScope(request.Resource) &&
        Resources.Any(resource => MatchesResource(resource, request.Resource.Plural, request.Attributes.Subresource));

    public bool MatchesVersion(string version) => Has(Versions, version);

    private bool MatchesScope(ApiResource resource) => Scope switch
    {
        "Cluster" => !resource.Namespaced,
        "Namespaced" => resource.Namespaced,
        _ => true,
    };

    private static bool MatchesResource(string pattern, string plural, string subresource)
    {
        var parts = pattern.Split('/', 2);
        var wantedSubresource = parts.Length == 2 ? parts[1] : "";
        return (parts[0] == All || parts[0] == plural) && (wantedSubresource == All || wantedSubresource == subresource);
    }

    private static bool Has(IReadOnlyList<string> list, string value) =>
        list.Contains(All, StringComparer.Ordinal) || list.Contains(value, StringComparer.Ordinal);
}

/// <summary>One webhook of a configuration, read.</summary>
internal sealed record Webhook
{
    public required string Name { get; init; }

    /// <summary>Null for a reference to a Service.</summary>
    public required Uri? Url { get; init; }

    /// <summary><c>namespace/name</c> when the webhook is a Service.</summary>
    public required string? Service { get; init; }

    /// <summary>PEM; empty for the system's trust.</summary>
    public required string CaBundle { get; init; }

    public required IReadOnlyList<RuleWithOperations> Rules { get; init; }

    public required bool IgnoresFailure { get; init; }

    public required bool IsExact { get; init; }

    public required bool HasSideEffects { get; init; }

    public required bool IsReinvoked { get; init; }

    public required TimeSpan Timeout { get; init; }

    public required JsonObject? NamespaceSelector { get; init; }

    public required JsonObject? ObjectSelector { get; init; }

    public required WebhookConditions Conditions { get; init; }

    public static Webhook Parse(JsonNode? webhook)
    {
        var client = ((JsonObject?)webhook).Object("clientConfig");
        var service = client.Object("service");
        return new Webhook
        {
            Name = webhook.String("name") ?? "",
            Url = client.String("url") is { } url ? new Uri(url) : null,
            Service = service is null ? null : $"{service.String("namespace")}/{service.String("name")}",
            CaBundle = client.String("caBundle") is { Length: > 0 } bundle ? Decode(bundle) : "",
            Rules = [.. (webhook.Array("rules") ?? []).Select(RuleWithOperations.Parse)],
            IgnoresFailure = webhook.String("failurePolicy") == "Ignore",
            IsExact = webhook.String("matchPolicy") == "Exact",
            HasSideEffects = webhook.String("sideEffects") is not ("None" or "NoneOnDryRun"),
            IsReinvoked = webhook.String("reinvocationPolicy") == "IfNeeded",
            Timeout = TimeSpan.FromSeconds(webhook.Long("timeoutSeconds") ?? 10),
            NamespaceSelector = webhook.Object("namespaceSelector"),
            ObjectSelector = webhook.Object("objectSelector"),
            Conditions = WebhookConditions.Parse(webhook),
        };
    }

    private static string Decode(string base64)
    {
        var bytes = new byte[base64.Length];
        return Convert.TryFromBase64String(base64, bytes, out var length) ? System.Text.Encoding.ASCII.GetString(bytes, 0, length) : base64;
    }
}

using System.Text.Json.Nodes;
using Portcullis.Core;

namespace Portcullis.Admission;

/// <summary>
/// The webhook configurations, generated from the list of webhooks. None of ours is called for a deletion that a finalizer of ours makes,
/// so a finalizer never waits for our own server. Their owner is the system namespace: they go with it, and refuse no pod once nobody answers.
/// </summary>
internal static class WebhookConfigurations
{
    public const string MutatingName = "portcullis-pods";
    public const string ValidatingName = "portcullis";

    /// <param name="phase">Which of the two configurations.</param>
    /// <param name="webhooks">All there are.</param>
    /// <param name="address">How the API server calls them.</param>
    /// <param name="authority">That of the server's certificate, in PEM.</param>
    /// <param name="namespaceUid">Of the system namespace.</param>
    public static JsonObject Of(WebhookPhase phase, IEnumerable<IWebhook> webhooks, WebhookAddress address, string authority, string namespaceUid)
    {
        var (resource, name) = phase == WebhookPhase.Mutating
            ? (ClusterKinds.MutatingWebhook, MutatingName)
            : (ClusterKinds.ValidatingWebhook, ValidatingName);
        var entries = webhooks.Select(w => w.Definition).Where(d => d.Phase == phase)
            .SelectMany(d => d.Matches.Select(m => (JsonNode)Entry(d, m, address.ClientConfig(d.Path, authority))));
        return new JsonObject
        {
            ["apiVersion"] = resource.ApiVersion,
            ["kind"] = resource.Kind,
            ["metadata"] = new JsonObject
            {
                ["name"] = name,
                ["labels"] = new JsonObject { [WellKnown.Labels.ManagedBy] = WellKnown.Labels.ManagedByValue },
                ["ownerReferences"] = new JsonArray(Owner(namespaceUid)),
            },
            ["webhooks"] = new JsonArray([.. entries]),
        };
    }

    /// <summary>Without blockOwnerDeletion: the namespace waits for nothing here.</summary>
    private static JsonObject Owner(string namespaceUid) => new()
    {
        ["apiVersion"] = ClusterKinds.Namespace.ApiVersion,
        ["kind"] = ClusterKinds.Namespace.Kind,
        ["name"] = WellKnown.SystemNamespace,
        ["uid"] = namespaceUid,
    };

    private static JsonObject Entry(WebhookDefinition definition, WebhookMatch match, JsonObject clientConfig)
    {
        var entry = new JsonObject
        {
            ["name"] = match.Name,
            ["clientConfig"] = clientConfig,
            ["rules"] = new JsonArray([.. match.Rules.Select(Rule)]),
            ["failurePolicy"] = definition.FailurePolicy.ToString(),
            ["matchPolicy"] = "Equivalent",
            ["sideEffects"] = "None",
            ["timeoutSeconds"] = (int)definition.Timeout.TotalSeconds,
            ["admissionReviewVersions"] = new JsonArray("v1"),
        };
        if (definition.IsReinvoked)
        {
            entry["reinvocationPolicy"] = "IfNeeded";
        }

        if (match.Namespaces is { } namespaces)
        {
            entry["namespaceSelector"] = Selector(namespaces);
        }
        else if (match.ExceptNamespaces is { } except)
        {
            entry["namespaceSelector"] = Except(except);
        }

        if (match.Objects is { } objects)
        {
            entry["objectSelector"] = Selector(objects);
        }

        if (match.Condition is { } condition)
        {
            entry["matchConditions"] = new JsonArray(new JsonObject { ["name"] = condition.Name, ["expression"] = condition.Expression });
        }

        return entry;
    }

    private static JsonNode Rule(WebhookRule rule) => new JsonObject
    {
        ["apiGroups"] = Strings(rule.Groups),
        ["apiVersions"] = new JsonArray("*"),
        ["operations"] = Strings(rule.Operations),
        ["resources"] = Strings(rule.Resources),
        ["scope"] = "*",
    };

    private static JsonObject Selector(RequiredLabel label) => label.Value is null
        ? new JsonObject { ["matchExpressions"] = new JsonArray(new JsonObject { ["key"] = label.Key, ["operator"] = "Exists" }) }
        : new JsonObject { ["matchLabels"] = new JsonObject { [label.Key] = label.Value } };

    /// <summary>The API server itself gives each namespace this label. An empty selector is written too, so that no other one is left in its place.</summary>
    private static JsonObject Except(IReadOnlyList<string> namespaces) => namespaces.Count == 0 ? [] : new JsonObject
    {
        ["matchExpressions"] = new JsonArray(new JsonObject { ["key"] = "kubernetes.io/metadata.name", ["operator"] = "NotIn", ["values"] = Strings(namespaces) }),
    };

    private static JsonArray Strings(IEnumerable<string> values) => new([.. values.Select(v => (JsonNode)JsonValue.Create(v))]);
}

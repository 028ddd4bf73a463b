using System.Text.Json.Nodes;
using Portcullis.Core;

namespace Portcullis.Admission;

/// <summary>
/// The webhook configurations, generated from the list of webhooks. None of ours is called for a deletion that a finalizer of ours makes,
/// so a finalizer never waits for our own server.
/// </summary>
internal static class WebhookConfigurations
{
    public const string MutatingName = "portcullis-pods";
    public const string ValidatingName = "portcullis";

    public static JsonObject Of(WebhookPhase phase, IEnumerable<IWebhook> webhooks, WebhookAddress address, string authority)
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
            },
            ["webhooks"] = new JsonArray([.. entries]),
        };
    }

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
        if (match.Namespaces is { } namespaces)
        {
            entry["namespaceSelector"] = Selector(namespaces);
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

    private static JsonArray Strings(IEnumerable<string> values) => new([.. values.Select(v => (JsonNode)JsonValue.Create(v))]);
}

using System.Text;
using System.Text.Json.Nodes;
using Portcullis.Core;

namespace Portcullis.Admission;

/// <summary>Where the API server is to call: a URL of our own, or a path of our Service.</summary>
internal sealed record WebhookAddress(string? UrlBase, string? Service, int ServicePort)
{
    public JsonObject ClientConfig(string path, string authority)
    {
        var config = new JsonObject { ["caBundle"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(authority)) };
        if (Service is null)
        {
            config["url"] = UrlBase + path;
        }
        else
        {
            config["service"] = new JsonObject
            {
                ["namespace"] = WellKnown.SystemNamespace, ["name"] = Service, ["path"] = path, ["port"] = ServicePort,
            };
        }

        return config;
    }
}

/// <summary>
/// Our webhook configurations. Those that guard fail closed, and touch only namespaces of collections and NodeReports; the one that
/// observes fails open. None is called for a deletion that a finalizer of ours makes, so a finalizer never waits for our own server.
/// </summary>
internal static class WebhookConfigurations
{
    public const string MutatingName = "portcullis-pods";
    public const string ValidatingName = "portcullis";
    public const string MutatePods = "/mutate-pods";
    public const string ValidatePods = "/validate-pods";
    public const string NodeReports = "/node-reports";
    public const string Observe = "/observe";

    public static JsonObject Mutating(WebhookAddress address, string authority) => Configuration(
        ClusterKinds.MutatingWebhook,
        MutatingName,
        Webhook("pods.portcullis.dev", address.ClientConfig(MutatePods, authority), "Fail", 5, InCollections(), null, Rule([""], ["pods"], "CREATE")));

    public static JsonObject Validating(WebhookAddress address, string authority) => Configuration(
        ClusterKinds.ValidatingWebhook,
        ValidatingName,
        Webhook(
            "pod-options.portcullis.dev",
            address.ClientConfig(ValidatePods, authority),
            "Fail",
            5,
            InCollections(),
            null,
            Rule([""], ["pods", "pods/ephemeralcontainers", "podtemplates", "replicationcontrollers"], "CREATE", "UPDATE"),
            Rule(["apps"], ["deployments", "statefulsets", "daemonsets", "replicasets"], "CREATE", "UPDATE"),
            Rule(["batch"], ["jobs", "cronjobs"], "CREATE", "UPDATE")),
        Webhook(
            "node-reports.portcullis.dev",
            address.ClientConfig(NodeReports, authority),
            "Fail",
            5,
            null,
            null,
            Rule([WellKnown.Group], ["nodereports", "nodereports/status"], "CREATE", "UPDATE")),
        Observer("observe-managed.portcullis.dev", address, authority, null, HasLabel(WellKnown.Labels.ManagedBy, WellKnown.Labels.ManagedByValue)),
        Observer("observe-declared.portcullis.dev", address, authority, null, HasLabel(WellKnown.Labels.Source, null)),
        Webhook(
            "observe-namespaces.portcullis.dev",
            address.ClientConfig(Observe, authority),
            "Ignore",
            2,
            null,
            HasLabel(WellKnown.Labels.Collection, null),
            Rule([""], ["namespaces", "nodes"], "CREATE", "UPDATE", "DELETE")));

    private static JsonObject Observer(string name, WebhookAddress address, string authority, JsonObject? namespaces, JsonObject objects) =>
        Webhook(name, address.ClientConfig(Observe, authority), "Ignore", 2, namespaces, objects, Rule(["*"], ["*"], "CREATE", "UPDATE", "DELETE"));

    private static JsonObject Configuration(ApiResource resource, string name, params JsonObject[] webhooks) => new()
    {
        ["apiVersion"] = resource.ApiVersion,
        ["kind"] = resource.Kind,
        ["metadata"] = new JsonObject
        {
            ["name"] = name,
            ["labels"] = new JsonObject { [WellKnown.Labels.ManagedBy] = WellKnown.Labels.ManagedByValue },
        },
        ["webhooks"] = new JsonArray([.. webhooks]),
    };

    private static JsonObject Webhook(
        string name, JsonObject clientConfig, string failurePolicy, int timeout, JsonObject? namespaces, JsonObject? objects, params JsonObject[] rules)
    {
        var webhook = new JsonObject
        {
            ["name"] = name,
            ["clientConfig"] = clientConfig,
            ["rules"] = new JsonArray([.. rules]),
            ["failurePolicy"] = failurePolicy,
            ["matchPolicy"] = "Equivalent",
            ["sideEffects"] = "None",
            ["timeoutSeconds"] = timeout,
            ["admissionReviewVersions"] = new JsonArray("v1"),
        };
        if (namespaces is not null)
        {
            webhook["namespaceSelector"] = namespaces;
        }

        if (objects is not null)
        {
            webhook["objectSelector"] = objects;
        }

        return webhook;
    }

    private static JsonObject Rule(string[] groups, string[] resources, params string[] operations) => new()
    {
        ["apiGroups"] = Strings(groups),
        ["apiVersions"] = new JsonArray("*"),
        ["operations"] = Strings(operations),
        ["resources"] = Strings(resources),
        ["scope"] = "*",
    };

    private static JsonObject InCollections() => HasLabel(WellKnown.Labels.Collection, null);

    private static JsonObject HasLabel(string key, string? value) => value is null
        ? new JsonObject { ["matchExpressions"] = new JsonArray(new JsonObject { ["key"] = key, ["operator"] = "Exists" }) }
        : new JsonObject { ["matchLabels"] = new JsonObject { [key] = value } };

    private static JsonArray Strings(IEnumerable<string> values) => new([.. values.Select(v => (JsonNode)JsonValue.Create(v))]);
}

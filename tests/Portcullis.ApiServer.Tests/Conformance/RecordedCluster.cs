using System.Text.Json.Nodes;
using Portcullis.Testing;

namespace Portcullis.ApiServer.Tests.Conformance;

/// <summary>
/// What the recorded cluster had or did besides the recorded requests: objects made before a file's steps, and a controller that puts a
/// config map of its distribution into every namespace.
/// </summary>
internal static class RecordedCluster
{
    private const string Distribution = "openshift-service-ca.crt";

    public static async Task BeforeAsync(string file, int step, Replay replay)
    {
        switch (file, step)
        {
            case ("lists", 1):
                for (var i = 0; i < 7; i++)
                {
                    var labels = new JsonObject { ["n"] = $"{i}", ["even"] = i % 2 == 0 ? "true" : "false" };
                    await CreateAsync(replay, "case-lists", $"c{i}", labels, new JsonObject { ["a"] = "1" });
                }

                break;
            case ("expired", 1):
                for (var i = 0; i < 5; i++)
                {
                    await CreateAsync(replay, "case-expired", $"c{i}", null, new JsonObject { ["a"] = "1" });
                }

                break;
            case ("expired", 2):
                await CreateAsync(replay, "case-expired", "later", null, null);
                replay.Forget();
                break;
            case ("tables" or "rbac", 1):
                await CreateGatesAsync(replay);
                await CreateAsync(replay, $"case-{file}", "one", null, new JsonObject { ["a"] = "1" });
                if (file == "tables")
                {
                    await replay.SendAsync(HttpMethod.Post, "/apis/gates.example.dev/v1/namespaces/case-tables/gates", Gate(), agent: "unknown/1");
                }

                break;
            case ("crds", 2) or ("rbac", 29):
                await SettledAsync(replay, file);
                break;
            case ("small-kinds", 16):
                await replay.SendAsync(HttpMethod.Patch, "/api/v1/nodes/case-node", JsonNode.Parse("""{"metadata":{"annotations":{"node.alpha.kubernetes.io/ttl":"0"}}}"""), "application/merge-patch+json", "kcm/1");
                break;
            case ("webhooks", 14):
                await replay.SendAsync(HttpMethod.Patch, WebhookPath, JsonNode.Parse("""[{"op":"replace","path":"/webhooks/0/failurePolicy","value":"Ignore"}]"""), "application/json-patch+json");
                break;
            case ("webhooks", 16):
                await replay.SendAsync(HttpMethod.Delete, WebhookPath, null);
                break;
            default:
                break;
        }
    }

    /// <summary>What the recorded cluster's controllers did after a namespace was made.</summary>
    public static async Task AfterAsync(JsonObject request, HttpResponseMessage response, Replay replay)
    {
        var isNamespace = request["method"]!.ToString() == "POST" && request["path"]!.ToString() == "/api/v1/namespaces" && response.IsSuccessStatusCode;
        if (isNamespace)
        {
            await FurnishAsync(replay, request["body"]!["metadata"]!["name"]!.ToString());
        }
    }

    public static async Task FurnishAsync(Replay replay, string name)
    {
        var value = new JsonObject
        {
            ["metadata"] = new JsonObject
            {
                ["name"] = Distribution,
                ["annotations"] = new JsonObject { ["service.beta.openshift.io/inject-cabundle"] = "true" },
            },
            ["data"] = new JsonObject { ["service-ca.crt"] = "" },
        };
        await replay.SendAsync(HttpMethod.Post, $"/api/v1/namespaces/{name}/configmaps", value, agent: "kcm/1");
        await Eventually.HoldsAsync(async () => (await replay.SendAsync(HttpMethod.Get, $"/api/v1/namespaces/{name}/configmaps/kube-root-ca.crt", null))?["data"] is not null
            && (await replay.SendAsync(HttpMethod.Get, $"/api/v1/namespaces/{name}/serviceaccounts/default", null))?["metadata"]?["name"] is not null);
    }

    /// <summary>Recordings that were cut ("cut to two groups") are compared with the same part.</summary>
    public static JsonNode? Cut(string file, JsonObject step, JsonNode? body)
    {
        var note = step["note"]?.ToString() ?? "";
        if (file == "discovery" && note.Contains("cut to two groups", StringComparison.Ordinal))
        {
            var items = (JsonArray)body!["items"]!;
            var wanted = new[] { "rbac.authorization.k8s.io", "coordination.k8s.io" };
            body["items"] = new JsonArray(wanted.Select(w => items.First(i => i!["metadata"]!["name"]!.ToString() == w)!.DeepClone()).ToArray());
        }

        if (file == "discovery" && note.Contains("cut to three entries", StringComparison.Ordinal))
        {
            var paths = (JsonObject)body!["paths"]!;
            var cut = new JsonObject();
            foreach (var (name, _) in (JsonObject)step["response"]!["body"]!["paths"]!)
            {
                if (paths[name] is { } path)
                {
                    cut[name] = path.DeepClone();
                }
            }

            body["paths"] = cut;
        }

        return body;
    }

    private const string WebhookPath = "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations/case-val";

    private static Task<JsonNode?> CreateAsync(Replay replay, string @namespace, string name, JsonObject? labels, JsonObject? data)
    {
        var metadata = new JsonObject { ["name"] = name };
        if (labels is not null)
        {
            metadata["labels"] = labels;
        }

        var value = new JsonObject { ["metadata"] = metadata };
        if (data is not null)
        {
            value["data"] = data;
        }

        return replay.SendAsync(HttpMethod.Post, $"/api/v1/namespaces/{@namespace}/configmaps", value, agent: "unknown/1");
    }

    /// <summary>The sample CRD that the recorded cluster kept from one file to the next.</summary>
    public static async Task CreateGatesAsync(Replay replay)
    {
        var crd = Recordings.Read("http/crds.json")["steps"]![1]!["request"]!["body"]!.DeepClone();
        await replay.SendAsync(HttpMethod.Post, "/apis/apiextensions.k8s.io/v1/customresourcedefinitions", crd, agent: "unknown/1");
        await SettledAsync(replay, "crds");
    }

    private static JsonObject Gate() => new()
    {
        ["apiVersion"] = "gates.example.dev/v1",
        ["kind"] = "Gate",
        ["metadata"] = new JsonObject { ["name"] = "g1" },
        ["spec"] = new JsonObject { ["path"] = "/a", ["max"] = 3 },
    };

    private static Task SettledAsync(Replay replay, string file) => Eventually.HoldsAsync(async () => file == "rbac"
        ? (await replay.SendAsync(HttpMethod.Get, "/apis/rbac.authorization.k8s.io/v1/clusterroles/case-agg", null))?["rules"] is JsonArray { Count: > 0 }
        : (await replay.SendAsync(HttpMethod.Get, "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/gates.gates.example.dev", null))?["status"]?["conditions"] is JsonArray { Count: 2 });
}

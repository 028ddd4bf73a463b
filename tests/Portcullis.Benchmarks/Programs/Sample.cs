using System.Globalization;
using System.Text.Json.Nodes;

namespace Portcullis.Benchmarks.Programs;

/// <summary>The objects that benchmarks write.</summary>
internal static class Sample
{
    public static ApiResource ConfigMaps { get; } = new("", "v1", "ConfigMap", "configmaps", Namespaced: true);

    public static JsonObject ConfigMap(string @namespace, int number, string value = "1") => new()
    {
        ["apiVersion"] = "v1",
        ["kind"] = "ConfigMap",
        ["metadata"] = new JsonObject { ["name"] = Name("settings", number), ["namespace"] = @namespace, ["labels"] = new JsonObject { ["app"] = "shop" } },
        ["data"] = new JsonObject { ["value"] = value, ["url"] = "https://shop.example.com", ["mode"] = "production" },
    };

    public static JsonObject Organization(string name, int users) => Of(Core.Organizations.Organization.Definition, name, new JsonObject
    {
        ["users"] = new JsonArray([.. Enumerable.Range(0, users).Select(i => (JsonNode)new JsonObject { ["name"] = Name("user", i) })]),
        ["teams"] = new JsonArray((JsonNode)new JsonObject
        {
            ["name"] = "all",
            ["members"] = new JsonArray([.. Enumerable.Range(0, users).Select(i => (JsonNode)JsonValue.Create(Name("user", i)))]),
        }),
    });

    public static JsonObject Collection(string name, string path, IEnumerable<string> namespaces) => Of(Core.Collections.Collection.Definition, name, new JsonObject
    {
        ["path"] = path,
        ["namespaces"] = new JsonArray([.. namespaces.Select(n => (JsonNode)new JsonObject { ["name"] = n })]),
    });

    public static JsonObject Grant(string name, string kind, string subject, string role, string collection) => Of(Core.Grants.Grant.Definition, name, new JsonObject
    {
        ["subject"] = new JsonObject { ["kind"] = kind, ["name"] = subject },
        ["role"] = role,
        ["collection"] = collection,
    });

    /// <summary>Objects as one file, a document each.</summary>
    public static string File(IEnumerable<JsonObject> objects) => string.Concat(objects.Select(o => $"---\n{o.ToJsonString()}\n"));

    public static string Name(string stem, int number) => string.Create(CultureInfo.InvariantCulture, $"{stem}-{number:00000}");

    private static JsonObject Of(ApiResource resource, string name, JsonObject spec) => new()
    {
        ["apiVersion"] = resource.ApiVersion,
        ["kind"] = resource.Kind,
        ["metadata"] = new JsonObject { ["name"] = name },
        ["spec"] = spec,
    };
}

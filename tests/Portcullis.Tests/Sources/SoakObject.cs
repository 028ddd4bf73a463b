using System.Text.Json.Nodes;
using Portcullis.Core;
using Portcullis.Objects;

namespace Portcullis.Tests.Sources;

/// <summary>An object as a soak test's repository declares it.</summary>
internal sealed record SoakObject(ApiResource Resource, string Namespace, string Name, JsonObject Fields)
{
    public static readonly ApiResource Widgets = new("soak.example.com", "v1", "Widget", "widgets", true);
    public static readonly ApiResource Namespaces = new("", "v1", "Namespace", "namespaces", false);

    /// <summary>Every kind that a soak test declares.</summary>
    public static readonly ApiResource[] Kinds =
    [
        SourceWorld.ConfigMaps, Namespaces, ClusterKinds.CustomResourceDefinition, Widgets, Core.Roles.AccessRole.Definition,
        Core.Organizations.Organization.Definition, Core.Collections.Collection.Definition,
    ];

    public ObjectKey Key => new(Namespace, Name);

    /// <summary>Its line in the inventory.</summary>
    public string Entry => $"{Resource.ApiVersion}|{Resource.Kind}|{Namespace}|{Name}";

    public static SoakObject ConfigMap(string space, string name, int value) =>
        new(SourceWorld.ConfigMaps, space, name, new JsonObject { ["data"] = new JsonObject { ["key"] = $"{value}", [$"only-{value % 3}"] = "x" } });

    public static SoakObject Space(string name) => new(Namespaces, "", name, []);

    public static SoakObject Widget(string name, int value) =>
        new(Widgets, "work", name, new JsonObject { ["spec"] = new JsonObject { ["size"] = value, ["tags"] = new JsonArray([.. Enumerable.Range(0, value % 4).Select(i => (JsonNode)$"t{i}")]) } });

    public static SoakObject Role(string name, int value) =>
        new(Core.Roles.AccessRole.Definition, "", name, new JsonObject { ["spec"] = new JsonObject { ["operations"] = new JsonArray(new JsonObject { ["name"] = value % 2 == 0 ? "Container View" : "Container Logs" }) } });

    public static SoakObject Collection(string name, int value) =>
        new(Core.Collections.Collection.Definition, "", name, new JsonObject { ["spec"] = new JsonObject { ["path"] = $"/{name}{value % 3}" } });

    public static SoakObject Organization(string name, int value)
    {
        string[] users = ["ann", "bob", "eve"];
        return new SoakObject(Core.Organizations.Organization.Definition, "", name, new JsonObject
        {
            ["spec"] = new JsonObject { ["users"] = new JsonArray([.. users.Take(1 + (value % 3)).Select(u => (JsonNode)new JsonObject { ["name"] = u })]) },
        });
    }

    /// <summary>The definition of the widgets: serves one version, and keeps the other for what was stored by it.</summary>
    public static SoakObject Definition(string version)
    {
        static JsonObject Version(string name, bool served) => new()
        {
            ["name"] = name,
            ["served"] = served,
            ["storage"] = served,
            ["schema"] = new JsonObject
            {
                ["openAPIV3Schema"] = JsonNode.Parse(
                    """{"type":"object","properties":{"spec":{"type":"object","properties":{"size":{"type":"integer"},"tags":{"type":"array","items":{"type":"string"}}}}}}"""),
            },
        };
        return new SoakObject(ClusterKinds.CustomResourceDefinition, "", "widgets.soak.example.com", new JsonObject
        {
            ["spec"] = new JsonObject
            {
                ["group"] = "soak.example.com",
                ["scope"] = "Namespaced",
                ["names"] = new JsonObject { ["plural"] = "widgets", ["singular"] = "widget", ["kind"] = "Widget", ["listKind"] = "WidgetList" },
                ["versions"] = new JsonArray(Version("v1", version == "v1"), Version("v2", version == "v2")),
            },
        });
    }

    public JsonObject Manifest()
    {
        var manifest = new JsonObject
        {
            ["apiVersion"] = Resource.ApiVersion,
            ["kind"] = Resource.Kind,
            ["metadata"] = Namespace.Length == 0 ? new JsonObject { ["name"] = Name } : new JsonObject { ["name"] = Name, ["namespace"] = Namespace },
        };
        foreach (var (name, value) in Fields)
        {
            manifest[name] = value!.DeepClone();
        }

        return manifest;
    }

    /// <summary>Where a live object is not as declared: own fields, lists whole.</summary>
    public IEnumerable<string> Differences(JsonObject live) => Fields.SelectMany(f => Differences(f.Key, f.Value, live[f.Key])).Select(d => $"{Entry}: {d}");

    private static IEnumerable<string> Differences(string path, JsonNode? declared, JsonNode? live) => (declared, live) switch
    {
        (JsonObject members, JsonObject present) => members.SelectMany(m => Differences($"{path}.{m.Key}", m.Value, present[m.Key])),
        (JsonArray items, JsonArray present) when items.Count == present.Count => items.SelectMany((item, i) => Differences($"{path}[{i}]", item, present[i])),
        _ => JsonNode.DeepEquals(declared, live) ? [] : [$"{path} is {live?.ToJsonString() ?? "absent"} instead of {declared?.ToJsonString()}"],
    };
}

using System.Globalization;
using System.Text.Json.Nodes;
using Portcullis.ApiServer.Kinds;
using Portcullis.Schemas.Structural;

namespace Portcullis.ApiServer.Discovery;

/// <summary>Writes the OpenAPI v3 document of one group and version.</summary>
internal static class OpenApiDocument
{
    public static JsonObject Of(IReadOnlyList<ServedKind> kinds)
    {
        var writer = new SchemaWriter();
        var paths = new JsonObject();
        foreach (var kind in kinds)
        {
            writer.AddKind(kind);
            AddPaths(paths, kind);
        }

        return new JsonObject
        {
            ["openapi"] = "3.0.0",
            ["info"] = new JsonObject { ["title"] = "Portcullis", ["version"] = "v1.36.0" },
            ["paths"] = paths,
            ["components"] = new JsonObject { ["schemas"] = writer.Schemas },
        };
    }

    /// <summary>What describes <c>/version</c>.</summary>
    public static JsonObject OfVersion() => new()
    {
        ["openapi"] = "3.0.0",
        ["info"] = new JsonObject { ["title"] = "Portcullis", ["version"] = "v1.36.0" },
        ["paths"] = new JsonObject
        {
            ["/version/"] = new JsonObject
            {
                ["get"] = new JsonObject { ["responses"] = new JsonObject { ["200"] = new JsonObject { ["description"] = "OK" } } },
            },
        },
    };

    /// <summary>The methods that kubectl looks for: PATCH with fieldValidation means the server validates.</summary>
    private static void AddPaths(JsonObject paths, ServedKind kind)
    {
        var collection = kind.Resource.Namespaced
            ? kind.Resource.CollectionPath().Replace($"/{kind.Resource.Plural}", $"/namespaces/{{namespace}}/{kind.Resource.Plural}", StringComparison.Ordinal)
            : kind.Resource.CollectionPath();
        paths[collection] = new JsonObject { ["get"] = Method(kind, "list"), ["post"] = Method(kind, "post") };
        paths[$"{collection}/{{name}}"] = new JsonObject
        {
            ["get"] = Method(kind, "get"),
            ["put"] = Method(kind, "put"),
            ["patch"] = Method(kind, "patch"),
            ["delete"] = Method(kind, "delete"),
        };
    }

    private static JsonObject Method(ServedKind kind, string action)
    {
        var method = new JsonObject();
        if (action is "post" or "put" or "patch")
        {
            method["parameters"] = new JsonArray(Parameter("dryRun"), Parameter("fieldManager"), Parameter("fieldValidation"));
        }

        method["responses"] = new JsonObject { ["200"] = new JsonObject { ["description"] = "OK" } };
        method["x-kubernetes-action"] = action;
        method["x-kubernetes-group-version-kind"] = GroupVersionKind(kind.Resource);
        return method;
    }

    private static JsonObject Parameter(string name) => new()
    {
        ["name"] = name,
        ["in"] = "query",
        ["schema"] = new JsonObject { ["type"] = "string", ["uniqueItems"] = true },
    };

    private static JsonObject GroupVersionKind(ApiResource resource) =>
        new() { ["group"] = resource.Group, ["version"] = resource.Version, ["kind"] = resource.Kind };

    /// <summary>Collects component schemas; built-in types are referred to by name, since explain prints the names.</summary>
    private sealed class SchemaWriter
    {
        public JsonObject Schemas { get; } = [];

        public void AddKind(ServedKind kind)
        {
            var resource = kind.Resource;
            var name = kind.IsCustom ? ReverseDomain(resource) : Component(resource.Kind);
            var schema = Write(kind.Schema, inline: true);
            schema["x-kubernetes-group-version-kind"] = new JsonArray(GroupVersionKind(resource));
            Schemas[name] = schema;
        }

        private static string ReverseDomain(ApiResource resource) =>
            $"{string.Join('.', resource.Group.Split('.').Reverse())}.{resource.Version}.{resource.Kind}";

        private static string Component(string type) => $"io.k8s.api.{type}";

        private JsonObject Write(StructuralSchema schema, bool inline)
        {
            if (!inline && schema.TypeName is { } type)
            {
                return Refer(schema, type);
            }

            var json = new JsonObject();
            AddText(json, "description", schema.Description);
            AddText(json, "type", schema.Type);
            AddText(json, "format", schema.Format is "quantity" ? null : schema.Format);
            AddMembers(json, schema);
            AddLimits(json, schema);
            AddExtensions(json, schema);
            return json;
        }

        private JsonObject Refer(StructuralSchema schema, string type)
        {
            var component = Component(type);
            if (!Schemas.ContainsKey(component))
            {
                Schemas[component] = new JsonObject();
                Schemas[component] = Write(schema with { Description = BuiltInSchemas.Text.Describe(type), Default = null }, inline: true);
            }

            var reference = new JsonObject { ["$ref"] = $"#/components/schemas/{component}" };
            var json = new JsonObject { ["allOf"] = new JsonArray(reference) };
            AddText(json, "description", schema.Description);
            if (schema.Default is not null)
            {
                json["default"] = schema.Default.DeepClone();
            }

            return json;
        }

        private void AddMembers(JsonObject json, StructuralSchema schema)
        {
            if (schema.Properties.Count > 0)
            {
                var properties = new JsonObject();
                foreach (var (name, property) in schema.Properties)
                {
                    properties[name] = Write(property, inline: false);
                }

                json["properties"] = properties;
            }

            if (schema.AdditionalProperties is { } element)
            {
                json["additionalProperties"] = Write(element, inline: false);
            }

            if (schema.Items is { } items)
            {
                json["items"] = Write(items, inline: false);
            }

            if (schema.Required.Count > 0)
            {
                json["required"] = new JsonArray(schema.Required.Select(r => (JsonNode?)r).ToArray());
            }
        }

        private static void AddLimits(JsonObject json, StructuralSchema schema)
        {
            if (schema.Enum.Count > 0)
            {
                json["enum"] = new JsonArray(schema.Enum.Select(e => e?.DeepClone()).ToArray());
            }

            if (schema.Default is not null)
            {
                json["default"] = schema.Default.DeepClone();
            }

            AddText(json, "pattern", schema.Pattern);
            AddNumber(json, "minLength", schema.MinLength);
            AddNumber(json, "maxLength", schema.MaxLength);
            AddNumber(json, "minItems", schema.MinItems);
            AddNumber(json, "maxItems", schema.MaxItems);
            AddNumber(json, "minimum", schema.Minimum);
            AddNumber(json, "maximum", schema.Maximum);
            if (schema.Nullable)
            {
                json["nullable"] = true;
            }
        }

        private static void AddExtensions(JsonObject json, StructuralSchema schema)
        {
            AddText(json, "x-kubernetes-list-type", schema.ListType);
            AddText(json, "x-kubernetes-map-type", schema.MapType);
            AddText(json, "x-kubernetes-patch-merge-key", schema.PatchMergeKey);
            AddText(json, "x-kubernetes-patch-strategy", schema.PatchStrategy);
            if (schema.ListMapKeys.Count > 0)
            {
                json["x-kubernetes-list-map-keys"] = new JsonArray(schema.ListMapKeys.Select(k => (JsonNode?)k).ToArray());
            }

            if (schema.PreserveUnknownFields)
            {
                json["x-kubernetes-preserve-unknown-fields"] = true;
            }

            if (schema.IntOrString)
            {
                json["x-kubernetes-int-or-string"] = true;
            }
        }

        private static void AddText(JsonObject json, string name, string? text)
        {
            if (!string.IsNullOrEmpty(text))
            {
                json[name] = text;
            }
        }

        private static void AddNumber(JsonObject json, string name, double? number)
        {
            if (number is { } value)
            {
                json[name] = double.IsInteger(value)
                    ? JsonValue.Create((long)value)
                    : JsonNode.Parse(value.ToString("R", CultureInfo.InvariantCulture));
            }
        }
    }
}

using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Portcullis.Objects.Json;

namespace Portcullis.Schemas.Crds;

/// <summary>Makes the whole CustomResourceDefinition of a kind: its names, its schema, the status subresource and the columns of <c>kubectl get</c>.</summary>
public static class CrdWriter
{
    /// <summary>The kind's own columns first, then the three that every kind has.</summary>
    private static readonly PrinterColumn[] UsualColumns =
    [
        new("Ready", """.status.conditions[?(@.type=="Ready")].status"""),
        new("Status", """.status.conditions[?(@.type=="Ready")].message"""),
        new("Age", ".metadata.creationTimestamp", "date"),
    ];

    public static JsonObject Crd(ApiResource resource, CrdOptions options, JsonTypeInfo type)
    {
        var schema = CrdSchema.FromType(type);
        schema.Insert(0, "description", JsonValue.Create(options.Description));
        return new JsonObject
        {
            ["apiVersion"] = "apiextensions.k8s.io/v1",
            ["kind"] = "CustomResourceDefinition",
            ["metadata"] = new JsonObject { ["name"] = resource.QualifiedPlural },
            ["spec"] = new JsonObject
            {
                ["group"] = resource.Group,
                ["names"] = Names(resource),
                ["scope"] = resource.Namespaced ? "Namespaced" : "Cluster",
                ["versions"] = new JsonArray((JsonNode)new JsonObject
                {
                    ["additionalPrinterColumns"] = new JsonArray([.. options.Columns.Concat(UsualColumns).Select(Column)]),
                    ["name"] = resource.Version,
                    ["schema"] = new JsonObject { ["openAPIV3Schema"] = schema },
                    ["served"] = true,
                    ["storage"] = true,
                    ["subresources"] = new JsonObject { ["status"] = new JsonObject() },
                }),
            },
        };
    }

    private static JsonObject Names(ApiResource resource)
    {
        var names = new JsonObject();
        if (resource.Categories.Count > 0)
        {
            names["categories"] = Strings(resource.Categories);
        }

        names["kind"] = resource.Kind;
        names["listKind"] = resource.ListKind;
        names["plural"] = resource.Plural;
        if (resource.ShortNames.Count > 0)
        {
            names["shortNames"] = Strings(resource.ShortNames);
        }

        names["singular"] = resource.Singular;
        return names;
    }

    private static JsonObject Column(PrinterColumn column)
    {
        var written = new JsonObject();
        if (column.Description is { } description)
        {
            written["description"] = description;
        }

        written["jsonPath"] = column.JsonPath;
        written["name"] = column.Name;
        if (column.Priority != 0)
        {
            written["priority"] = JsonNumber.Create(column.Priority);
        }

        written["type"] = column.Type;
        return written;
    }

    private static JsonArray Strings(IEnumerable<string> texts) => new([.. texts.Select(t => (JsonNode)JsonValue.Create(t))]);
}

using System.Text.Json.Nodes;
using Portcullis.Schemas.Structural;

namespace Portcullis.ApiServer.Resources;

/// <summary>Fills in the defaults of a built-in kind's schema, inside what is there.</summary>
internal static class SchemaDefaults
{
    public static void Apply(JsonNode? value, StructuralSchema schema)
    {
        switch (value)
        {
            case JsonObject o:
                foreach (var (name, property) in schema.Properties)
                {
                    if (property.Default is not null && !o.ContainsKey(name))
                    {
                        o[name] = property.Default.DeepClone();
                    }

                    Apply(o[name], property);
                }

                if (schema.AdditionalProperties is { Type: "object" } element)
                {
                    foreach (var member in o.ToList())
                    {
                        Apply(member.Value, element);
                    }
                }

                break;
            case JsonArray list when schema.Items is { Type: "object" } items:
                foreach (var item in list)
                {
                    Apply(item, items);
                }

                break;
            default:
                break;
        }
    }
}

using System.Text.Json.Nodes;
using Portcullis.Schemas.Structural;

namespace Portcullis.Schemas.Validation;

/// <summary>
/// apiextensions' defaulting: a null where null is not allowed is dropped, or replaced by the default where there is one; then missing members
/// get their defaults. A default inside an object that is absent does not create the object.
/// </summary>
internal static class Defaulting
{
    public static void Apply(JsonNode? value, SchemaNode node)
    {
        DropNulls(value, node);
        Fill(value, node);
    }

    private static bool IsForbiddenNull(JsonNode? value, SchemaNode? node) => value is null && node is { Schema.Nullable: false };

    private static void DropNulls(JsonNode? value, SchemaNode? node)
    {
        if (node is null)
        {
            return;
        }

        if (value is JsonObject o)
        {
            List<string>? dropped = null;
            foreach (var (name, member) in o)
            {
                var below = node.Member(name);
                if (IsForbiddenNull(member, below) && below!.Schema.Default is null)
                {
                    (dropped ??= []).Add(name);
                }
                else
                {
                    DropNulls(member, below);
                }
            }

            if (dropped is not null)
            {
                JsonMembers.RemoveAll(o, dropped);
            }
        }
        else if (value is JsonArray items && node.Items is { } itemNode)
        {
            foreach (var item in items)
            {
                DropNulls(item, itemNode);
            }
        }
    }

    private static void Fill(JsonNode? value, SchemaNode node)
    {
        if (value is JsonObject o)
        {
            foreach (var (name, member) in node.Properties)
            {
                if (member.Schema.Default is { } @default && (!o.TryGetPropertyValue(name, out var present) || IsForbiddenNull(present, member)))
                {
                    o[name] = @default.DeepClone();
                }
            }

            if (node.AdditionalProperties is { Schema.Default: { } filler } additional)
            {
                foreach (var name in o.Where(m => !node.Properties.ContainsKey(m.Key) && IsForbiddenNull(m.Value, additional)).Select(m => m.Key).ToList())
                {
                    o[name] = filler.DeepClone();
                }
            }

            foreach (var (name, member) in o)
            {
                if (node.Member(name) is { } below)
                {
                    Fill(member, below);
                }
            }
        }
        else if (value is JsonArray items && node.Items is { } itemNode)
        {
            for (var i = 0; i < items.Count; i++)
            {
                if (IsForbiddenNull(items[i], itemNode) && itemNode.Schema.Default is { } @default)
                {
                    items[i] = @default.DeepClone();
                }

                Fill(items[i], itemNode);
            }
        }
    }
}

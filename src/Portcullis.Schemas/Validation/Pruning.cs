using System.Text.Json.Nodes;
using Portcullis.Schemas.Structural;

namespace Portcullis.Schemas.Validation;

/// <summary>
/// apiextensions' pruning: drops members that the schema does not know and reports the first hundred. <c>apiVersion</c>, <c>kind</c> and <c>metadata</c> of the root
/// and of embedded resources stay; below <c>x-kubernetes-preserve-unknown-fields</c> only what has a schema of its own is pruned.
/// </summary>
internal sealed class Pruning(bool remove)
{
    /// <summary>As many as Kubernetes' strict decoding reports.</summary>
    private const int MostReported = 100;

    private readonly List<string> _unknown = [];

    public static IReadOnlyList<string> Run(JsonObject value, SchemaNode root, bool remove)
    {
        var pruning = new Pruning(remove);
        pruning.Walk(value, root, "", isResource: true);
        pruning._unknown.Sort(StringComparer.Ordinal);
        return pruning._unknown;
    }

    /// <summary>The unknown fields of a value somewhere inside an object.</summary>
    public static IReadOnlyList<string> RunInside(JsonNode value, SchemaNode node)
    {
        var pruning = new Pruning(remove: false);
        pruning.Walk(value, node, "", node.Schema.EmbeddedResource);
        return pruning._unknown;
    }

    private static bool IsMeta(string name) => name is "apiVersion" or "kind" or "metadata";

    private void Walk(JsonNode? value, SchemaNode? node, string path, bool isResource)
    {
        if (node is { Schema.PreserveUnknownFields: true })
        {
            Skip(value, node, path, isResource);
            return;
        }

        if (value is JsonObject o)
        {
            List<string>? dropped = null;
            foreach (var (name, member) in o)
            {
                if (isResource && IsMeta(name))
                {
                    continue;
                }

                if (node?.Member(name) is { } below)
                {
                    Walk(member, below, FieldPath.Member(path, name), below.Schema.EmbeddedResource);
                }
                else
                {
                    if (_unknown.Count < MostReported)
                    {
                        _unknown.Add(FieldPath.Member(path, name));
                    }

                    (dropped ??= []).Add(name);
                }
            }

            if (remove && dropped is not null)
            {
                JsonMembers.RemoveAll(o, dropped);
            }
        }
        else if (value is JsonArray items)
        {
            for (var i = 0; i < items.Count; i++)
            {
                Walk(items[i], node?.Items, FieldPath.Index(path, i), node?.Items?.Schema.EmbeddedResource ?? false);
            }
        }
    }

    private void Skip(JsonNode? value, SchemaNode? node, string path, bool isResource)
    {
        if (node is null)
        {
            return;
        }

        if (value is JsonObject o)
        {
            foreach (var (name, member) in o)
            {
                if (!(isResource && IsMeta(name)) && node.Member(name) is { } below)
                {
                    Walk(member, below, FieldPath.Member(path, name), below.Schema.EmbeddedResource);
                }
            }
        }
        else if (value is JsonArray items)
        {
            for (var i = 0; i < items.Count; i++)
            {
                Skip(items[i], node.Items, FieldPath.Index(path, i), node.Items?.Schema.EmbeddedResource ?? false);
            }
        }
    }
}

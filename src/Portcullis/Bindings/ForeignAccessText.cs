using System.Text;
using System.Text.Json.Nodes;

namespace Portcullis.Bindings;

/// <summary>Foreign access as lines for people, and as JSON.</summary>
internal static class ForeignAccessText
{
    public static string Of(IReadOnlyList<PlacedForeignAccess> inCollections, IReadOnlyList<PlacedForeignAccess> everywhere)
    {
        var text = new StringBuilder();
        if (inCollections.Count == 0)
        {
            text.Append("No RoleBinding gives access in a collection's namespaces but those of Grants.\n");
        }

        foreach (var collection in inCollections.GroupBy(f => f.Collection))
        {
            text.Append($"{collection.Key}\n");
            Append(text, collection);
        }

        if (everywhere.Count > 0)
        {
            text.Append("In every namespace, by ClusterRoleBindings\n");
            Append(text, everywhere);
        }

        return text.ToString();
    }

    public static JsonObject ToJson(IReadOnlyList<PlacedForeignAccess> found) => new()
    {
        ["items"] = new JsonArray([.. found.Select(ToJson)]),
    };

    private static void Append(StringBuilder text, IEnumerable<PlacedForeignAccess> found)
    {
        foreach (var one in found)
        {
            text.Append($"  {one.Access.Binding}: {one.Access.Role} to {string.Join(", ", one.Access.Subjects)}\n");
        }
    }

    private static JsonObject ToJson(PlacedForeignAccess one)
    {
        var item = new JsonObject();
        if (one.Collection is { } path)
        {
            item["collection"] = path;
            item["namespace"] = one.Access.Binding.Namespace;
        }

        item["binding"] = one.Access.Binding.Name;
        item["role"] = one.Access.Role;
        item["subjects"] = new JsonArray([.. one.Access.Subjects.Select(s => JsonValue.Create(s))]);
        return item;
    }
}

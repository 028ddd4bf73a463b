using System.Globalization;
using System.Text.Json.Nodes;

namespace Portcullis.Core.Revisions;

/// <summary>
/// Live fields that the manifest does not mention. On kinds of ours every field counts: one that was left over from before Git, or added by hand,
/// is not in force (law 1). Metadata and status belong to others.
/// </summary>
public static class UndeclaredFields
{
    /// <summary><paramref name="declared"/> with the defaults of its schema, which the server adds by itself.</summary>
    public static IReadOnlyList<FieldDifference> Of(JsonObject declared, JsonObject live)
    {
        var found = new List<FieldDifference>();
        Members("", declared, live, found);
        return found;
    }

    /// <summary>A merge patch that takes them off, lists put as a whole, also those that have other items; null when there are none.</summary>
    public static JsonObject? Removal(JsonObject declared, JsonObject live) => Removal(declared, live, isTop: true);

    private static JsonObject? Removal(JsonObject declared, JsonObject live, bool isTop)
    {
        var patch = new JsonObject();
        foreach (var (name, value) in live.Where(f => !isTop || IsContent(f.Key)))
        {
            if (declared[name] is not { } wanted)
            {
                patch[name] = null;
            }
            else if (Removal(wanted, value) is { } below)
            {
                patch[name] = below;
            }
        }

        return patch.Count == 0 ? null : patch;
    }

    private static JsonNode? Removal(JsonNode declared, JsonNode? live) => (declared, live) switch
    {
        (JsonObject members, JsonObject present) => Removal(members, present, isTop: false),
        (JsonArray, JsonArray) when HasMore(declared, live) => declared.DeepClone(),
        _ => null,
    };

    /// <summary>Whether there is a field or an item, however deep, that is not declared.</summary>
    private static bool HasMore(JsonNode? declared, JsonNode? live) => (declared, live) switch
    {
        (JsonObject members, JsonObject present) => present.Any(f => members[f.Key] is not { } wanted || HasMore(wanted, f.Value)),
        (JsonArray items, JsonArray present) => items.Count != present.Count || items.Zip(present).Any(pair => HasMore(pair.First, pair.Second)),
        _ => false,
    };

    private static bool IsContent(string name) => name is not ("apiVersion" or "kind" or "metadata" or "status");

    private static void Members(string path, JsonObject declared, JsonObject live, List<FieldDifference> found)
    {
        foreach (var (name, value) in live)
        {
            if (path.Length == 0 && !IsContent(name))
            {
                continue;
            }

            var at = path.Length == 0 ? name : $"{path}.{name}";
            if (declared[name] is { } wanted)
            {
                Compare(at, wanted, value, found);
            }
            else if (value is not null)
            {
                found.Add(new FieldDifference(at, null, ShownValue.Of(at, value)));
            }
        }
    }

    /// <summary>Lists of another length differ as declared fields do.</summary>
    private static void Compare(string path, JsonNode declared, JsonNode? live, List<FieldDifference> found)
    {
        switch (declared, live)
        {
            case (JsonObject members, JsonObject present):
                Members(path, members, present, found);
                break;
            case (JsonArray items, JsonArray present) when items.Count == present.Count:
                for (var i = 0; i < items.Count; i++)
                {
                    if (items[i] is { } item)
                    {
                        Compare($"{path}[{i.ToString(CultureInfo.InvariantCulture)}]", item, present[i], found);
                    }
                }

                break;
        }
    }
}

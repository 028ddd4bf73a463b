using System.Globalization;
using System.Text.Json.Nodes;
using Portcullis.Objects.Json;

namespace Portcullis.Core.Revisions;

/// <summary>One field whose declared value is not what the cluster holds. Null: not there.</summary>
public sealed record FieldDifference(string Path, string? Declared, string? Live)
{
    public override string ToString() => $"{Path}: {Live ?? "(absent)"} -> {Declared ?? "(absent)"}";
}

/// <summary>
/// Compares what is declared with what is live, own fields only (law 4): what the manifest does not mention is nobody's business
/// here. Lists are compared whole, each item again by its declared fields, since servers fill in defaults inside items too.
/// </summary>
public static class FieldDifferences
{
    /// <summary>Longer values are cut: the reader wants to know which field, not to read a file.</summary>
    private const int ValueLimit = 120;

    /// <summary>Differences of declared fields from live ones; <c>metadata</c> only by labels and annotations.</summary>
    public static IReadOnlyList<FieldDifference> Between(JsonObject declared, JsonObject live, int limit = int.MaxValue)
    {
        var found = new List<FieldDifference>();
        foreach (var (name, value) in declared)
        {
            if (name is "apiVersion" or "kind" or "status")
            {
                continue;
            }

            if (name == "metadata")
            {
                CompareMembers("metadata.labels", value.Object("labels"), live.Object("metadata").Object("labels"), found);
                CompareMembers("metadata.annotations", value.Object("annotations"), live.Object("metadata").Object("annotations"), found);
                continue;
            }

            // stringData of a Secret is write-only: it comes back inside data.
            if (name == "stringData" && declared.String("kind") == "Secret")
            {
                continue;
            }

            Compare(name, value, live[name], found);
            if (found.Count >= limit)
            {
                break;
            }
        }

        return found;
    }

    /// <summary>Differences both ways, for plans between two revisions: removed fields are reported as well.</summary>
    public static IReadOnlyList<FieldDifference> Both(JsonObject declared, JsonObject before)
    {
        var found = Between(declared, before).ToDictionary(d => d.Path, StringComparer.Ordinal);
        foreach (var removed in Between(before, declared))
        {
            found.TryAdd(removed.Path, new FieldDifference(removed.Path, removed.Live, removed.Declared));
        }

        return [.. found.Values.OrderBy(d => d.Path, StringComparer.Ordinal)];
    }

    /// <summary>The outermost fields below which a live list has more or fewer items than the declared one.</summary>
    public static IReadOnlyList<string> WithOtherItems(JsonObject declared, JsonObject live) =>
        [.. declared.Where(f => f.Key is not ("apiVersion" or "kind" or "metadata" or "status") && OtherItems(f.Value, live[f.Key])).Select(f => f.Key)];

    private static bool OtherItems(JsonNode? declared, JsonNode? live) => (declared, live) switch
    {
        (JsonObject members, JsonObject present) => members.Any(m => OtherItems(m.Value, present[m.Key])),
        (JsonArray items, JsonArray present) => items.Count != present.Count || items.Zip(present).Any(pair => OtherItems(pair.First, pair.Second)),
        _ => false,
    };

    private static void CompareMembers(string path, JsonObject? declared, JsonObject? live, List<FieldDifference> found)
    {
        foreach (var (name, value) in declared ?? [])
        {
            Compare($"{path}.{name}", value, live?[name], found);
        }
    }

    private static void Compare(string path, JsonNode? declared, JsonNode? live, List<FieldDifference> found)
    {
        switch (declared)
        {
            case null:
                return; // a declared null asks for nothing
            case JsonObject members when live is JsonObject liveMembers:
                CompareMembers(path, members, liveMembers, found);
                return;
            case JsonObject { Count: 0 } when live is null:
            case JsonArray { Count: 0 } when live is null:
                return; // servers drop empty maps and lists
            case JsonArray items when live is JsonArray liveItems && items.Count == liveItems.Count:
                for (var i = 0; i < items.Count; i++)
                {
                    Compare($"{path}[{i.ToString(CultureInfo.InvariantCulture)}]", items[i], liveItems[i], found);
                }

                return;
            case JsonValue when JsonNode.DeepEquals(declared, live):
                return; // 1 and 1.0 are one number
            default:
                found.Add(new FieldDifference(path, Text(declared), live is null ? null : Text(live)));
                return;
        }
    }

    private static string Text(JsonNode node)
    {
        var text = KubernetesJson.ToText(node);
        return text.Length <= ValueLimit ? text : string.Concat(text.AsSpan(0, ValueLimit), "…");
    }
}

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
    /// <summary>Differences of declared fields from live ones; <c>metadata</c> only by labels and annotations.</summary>
    /// <param name="declared">The manifest.</param>
    /// <param name="live">What the cluster holds.</param>
    /// <param name="canonical">
    /// What the server made of this very manifest when it was written: <c>0.5</c> is <c>500m</c> there, and <c>""</c> is left out. A live field that
    /// is like that is as declared. Null when the server stores it as it is written.
    /// </param>
    public static IReadOnlyList<FieldDifference> Between(JsonObject declared, JsonObject live, JsonObject? canonical = null)
    {
        var comparison = new Comparison(SecretContent.IsSecret(declared));
        (declared, live) = (SecretContent.Written(declared), SecretContent.Written(live));
        foreach (var (name, value) in declared)
        {
            if (name == "metadata")
            {
                foreach (var map in new[] { "labels", "annotations" })
                {
                    comparison.Members($"metadata.{map}", value.Object(map), live.Object(name).Object(map), Canonical.Of(canonical).Below(name).Below(map));
                }
            }
            else if (name is not ("apiVersion" or "kind" or "status"))
            {
                comparison.Compare(name, value, live[name], Canonical.Of(canonical).Below(name));
            }
        }

        return comparison.Found;
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

    /// <summary>The server's form of one field: unknown, or known and perhaps absent.</summary>
    private readonly record struct Canonical(bool IsKnown, JsonNode? Node)
    {
        public static Canonical Of(JsonObject? whole) => new(whole is not null, whole);

        public Canonical Below(string name) => IsKnown && Node is JsonObject members ? this with { Node = members[name] } : default;

        public Canonical Below(int index, int count) => IsKnown && Node is JsonArray items && items.Count == count ? this with { Node = items[index] } : default;

        public bool Is(JsonNode? live) => IsKnown && JsonNode.DeepEquals(Node, live);
    }

    /// <summary>Collects what differs.</summary>
    private sealed class Comparison(bool isSecret)
    {
        public List<FieldDifference> Found { get; } = [];

        public void Members(string path, JsonObject? declared, JsonObject? live, Canonical canonical)
        {
            foreach (var (name, value) in declared ?? [])
            {
                Compare($"{path}.{name}", value, live?[name], canonical.Below(name));
            }
        }

        public void Compare(string path, JsonNode? declared, JsonNode? live, Canonical canonical)
        {
            switch (declared)
            {
                case null:
                    return; // a declared null asks for nothing
                case JsonObject members when live is JsonObject liveMembers:
                    Members(path, members, liveMembers, canonical);
                    return;
                case JsonObject { Count: 0 } when live is null:
                case JsonArray { Count: 0 } when live is null:
                    return; // servers drop empty maps and lists
                case JsonArray items when live is JsonArray liveItems && items.Count == liveItems.Count:
                    for (var i = 0; i < items.Count; i++)
                    {
                        Compare($"{path}[{i.ToString(CultureInfo.InvariantCulture)}]", items[i], liveItems[i], canonical.Below(i, items.Count));
                    }

                    return;
                case JsonValue when JsonNode.DeepEquals(declared, live): // 1 and 1.0 are one number
                case var _ when canonical.Is(live):
                    return;
                default:
                    Found.Add(new FieldDifference(path, Text(path, declared), live is null ? null : Text(path, live)));
                    return;
            }
        }

        private string Text(string path, JsonNode node) =>
            isSecret && SecretContent.IsHidden(path) ? SecretContent.Hidden : ShownValue.Of(path, node);
    }
}

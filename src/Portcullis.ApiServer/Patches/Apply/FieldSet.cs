using System.Text;
using System.Text.Json.Nodes;
using Portcullis.Objects.Json;

namespace Portcullis.ApiServer.Patches.Apply;

/// <summary>
/// A set of field paths as a tree (structured-merge-diff's fieldpath.Set). A child's name is the path element as FieldsV1 writes it:
/// <c>f:name</c>, <c>k:{"name":"a"}</c>, <c>v:"x"</c> or <c>i:0</c>. <see cref="Owned"/> is true when the path itself is in the set.
/// </summary>
internal sealed class FieldSet
{
    public SortedDictionary<string, FieldSet> Children { get; } = new(StringComparer.Ordinal);

    public bool Owned { get; set; }

    public bool IsEmpty => !Owned && Children.Values.All(c => c.IsEmpty);

    public FieldSet Child(string element)
    {
        if (!Children.TryGetValue(element, out var child))
        {
            Children[element] = child = new FieldSet();
        }

        return child;
    }

    public FieldSet? Find(string element) => Children.GetValueOrDefault(element);

    public static FieldSet Union(FieldSet left, FieldSet right)
    {
        var union = new FieldSet { Owned = left.Owned || right.Owned };
        foreach (var (element, child) in left.Children)
        {
            union.Children[element] = right.Find(element) is { } other ? Union(child, other) : child;
        }

        foreach (var (element, child) in right.Children)
        {
            union.Children.TryAdd(element, child);
        }

        return union;
    }

    public static FieldSet Difference(FieldSet left, FieldSet right) => Combine(left, right, keepShared: false);

    public static FieldSet Intersection(FieldSet left, FieldSet right) => Combine(left, right, keepShared: true);

    public static bool Equal(FieldSet left, FieldSet right) => Difference(left, right).IsEmpty && Difference(right, left).IsEmpty;

    /// <summary>Every path in the set, as conflict messages write them: <c>.spec.rules[name="a"].weight</c>.</summary>
    public IEnumerable<string> Paths(string prefix = "")
    {
        foreach (var (element, child) in Children)
        {
            var path = prefix + Describe(element);
            if (child.Owned)
            {
                yield return path;
            }

            foreach (var deeper in child.Paths(path))
            {
                yield return deeper;
            }
        }
    }

    public JsonObject ToJson()
    {
        var json = new JsonObject();
        foreach (var (element, child) in Children)
        {
            var deeper = child.ToJson();
            if (child.Owned && deeper.Count > 0)
            {
                deeper.Insert(0, ".", new JsonObject());
            }

            if (child.Owned || deeper.Count > 0)
            {
                json[element] = deeper;
            }
        }

        return json;
    }

    public static FieldSet Parse(JsonObject? json)
    {
        var set = new FieldSet();
        foreach (var (element, value) in json ?? [])
        {
            if (element == "." || value is not JsonObject deeper)
            {
                continue;
            }

            var child = Parse(deeper);
            child.Owned = deeper.Count == 0 || deeper.ContainsKey(".");
            set.Children[element] = child;
        }

        return set;
    }

    private static FieldSet Combine(FieldSet left, FieldSet right, bool keepShared)
    {
        var result = new FieldSet { Owned = left.Owned && right.Owned == keepShared };
        foreach (var (element, child) in left.Children)
        {
            var other = right.Find(element);
            if (other is null)
            {
                if (!keepShared)
                {
                    result.Children[element] = child;
                }

                continue;
            }

            var combined = Combine(child, other, keepShared);
            if (!combined.IsEmpty)
            {
                result.Children[element] = combined;
            }
        }

        return result;
    }

    private static string Describe(string element)
    {
        var value = element[2..];
        if (element[0] == 'f')
        {
            return $".{value}";
        }

        if (element[0] == 'k' && KubernetesJson.Parse(Encoding.UTF8.GetBytes(value)) is JsonObject keys)
        {
            return $"[{string.Join(',', keys.Select(k => $"{k.Key}={KubernetesJson.ToText(k.Value)}"))}]";
        }

        return element[0] == 'v' ? $"[={value}]" : $"[{value}]";
    }
}

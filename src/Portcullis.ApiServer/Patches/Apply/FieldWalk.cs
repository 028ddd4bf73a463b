using System.Text.Json.Nodes;
using Portcullis.Schemas.Structural;

namespace Portcullis.ApiServer.Patches.Apply;

/// <summary>What changed between two states of an object, as field sets.</summary>
internal sealed record Comparison(FieldSet Added, FieldSet Modified, FieldSet Removed);

/// <summary>Which fields a value has, and which differ between two (structured-merge-diff's ToFieldSet and Compare).</summary>
internal static class FieldWalk
{
    /// <summary>Every field that an applied configuration claims.</summary>
    public static FieldSet FieldsOf(JsonNode? value, StructuralSchema? schema)
    {
        var set = new FieldSet();
        Collect(set, value, schema);
        set.Owned = false;
        return set;
    }

    public static Comparison Compare(JsonObject before, JsonObject after, StructuralSchema? schema)
    {
        var comparison = new Comparison(new FieldSet(), new FieldSet(), new FieldSet());
        CompareMembers(comparison, before, after, schema);
        return comparison;
    }

    private static void Collect(FieldSet at, JsonNode? value, StructuralSchema? schema)
    {
        switch (Shape.Of(schema, value))
        {
            case Granularity.Map:
                foreach (var (name, member) in (JsonObject)value!)
                {
                    var (memberSchema, named) = Shape.Member(schema, name);
                    var child = at.Child("f:" + name);
                    Collect(child, member, memberSchema);
                    child.Owned |= !named || member is null or JsonObject { Count: 0 };
                }

                break;
            case Granularity.MapList or Granularity.SetList:
                foreach (var (element, item) in Shape.Items(schema!, (JsonArray)value!))
                {
                    var child = at.Child(element);
                    Collect(child, item, schema!.Items);
                    child.Owned = true;
                }

                break;
            default:
                at.Owned = true;
                break;
        }
    }

    private static void CompareMembers(Comparison at, JsonObject? before, JsonObject? after, StructuralSchema? schema)
    {
        var names = (before?.Select(m => m.Key) ?? []).Union(after?.Select(m => m.Key) ?? [], StringComparer.Ordinal);
        foreach (var name in names.ToList())
        {
            var hasBefore = before is not null && before.ContainsKey(name);
            var hasAfter = after is not null && after.ContainsKey(name);
            CompareValues(at, "f:" + name, hasBefore, before?[name], hasAfter, after?[name], Shape.Member(schema, name).Schema);
        }
    }

    private static void CompareValues(
        Comparison at, string element, bool hasBefore, JsonNode? before, bool hasAfter, JsonNode? after, StructuralSchema? schema)
    {
        var below = new Comparison(new FieldSet(), new FieldSet(), new FieldSet());
        var shape = after is null ? Shape.Of(schema, before) : Shape.Of(schema, after);
        var other = before is null ? shape : Shape.Of(schema, before);
        var empty = Shape.IsEmptyContainer(before) && Shape.IsEmptyContainer(after);
        if (shape == Granularity.Leaf || shape != other || empty)
        {
            CompareLeaf(below, hasBefore, before, hasAfter, after);
        }
        else
        {
            if (shape == Granularity.Map)
            {
                CompareMembers(below, before as JsonObject, after as JsonObject, schema);
            }
            else
            {
                CompareItems(below, before as JsonArray, after as JsonArray, schema!);
            }

            below.Added.Owned = !hasBefore;
            below.Removed.Owned = hasBefore && !hasAfter;
        }

        Attach(at.Added, element, below.Added);
        Attach(at.Modified, element, below.Modified);
        Attach(at.Removed, element, below.Removed);
    }

    private static void CompareLeaf(Comparison at, bool hasBefore, JsonNode? before, bool hasAfter, JsonNode? after)
    {
        if (!hasBefore)
        {
            at.Added.Owned = true;
        }
        else if (!hasAfter)
        {
            at.Removed.Owned = true;
        }
        else if (!JsonNode.DeepEquals(before, after))
        {
            at.Modified.Owned = true;
        }
    }

    private static void CompareItems(Comparison at, JsonArray? before, JsonArray? after, StructuralSchema schema)
    {
        var old = Shape.Items(schema, before);
        var now = Shape.Items(schema, after);
        foreach (var element in old.Keys.Union(now.Keys, StringComparer.Ordinal).ToList())
        {
            var hasOld = old.TryGetValue(element, out var oldItem);
            var hasNow = now.TryGetValue(element, out var nowItem);
            CompareValues(at, element, hasOld, oldItem, hasNow, nowItem, schema.Items);
        }
    }

    private static void Attach(FieldSet parent, string element, FieldSet child)
    {
        if (!child.IsEmpty)
        {
            parent.Children[element] = child;
        }
    }
}

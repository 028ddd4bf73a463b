using System.Text.Json.Nodes;
using Portcullis.Objects.Json;

namespace Portcullis.Core.Drift;

/// <summary>
/// Fields that somebody applied with kubectl before Git declared the object, or put there beside it, as <c>metadata.managedFields</c> shows them.
/// Made the property of our own manager, they leave with the next apply that does not mention them; as Flux does it.
/// </summary>
public static class FieldTakeover
{
    private const string Apply = "Apply";
    private const string BeforeFirstApply = "before-first-apply";

    /// <summary>The entries in which what kubectl's managers own is <paramref name="manager"/>'s; null when they own nothing.</summary>
    public static JsonArray? Of(JsonObject value, string manager)
    {
        var entries = (value.Object("metadata").Array("managedFields") ?? []).OfType<JsonObject>().ToList();
        var taken = new JsonObject();
        var left = new JsonArray();
        foreach (var entry in entries.Where(e => !IsOurs(e, manager)))
        {
            var kept = IsKubectl(entry, value.String("apiVersion")) ? Take(entry, taken) : (JsonObject)entry.DeepClone();
            if (kept is not null)
            {
                left.Add((JsonNode)kept);
            }
        }

        if (taken.Count == 0)
        {
            return null;
        }

        var ours = entries.Find(e => IsOurs(e, manager))?.DeepClone().AsObject()
            ?? new JsonObject { ["manager"] = manager, ["operation"] = Apply, ["apiVersion"] = value.String("apiVersion"), ["fieldsType"] = "FieldsV1" };
        ours["fieldsV1"] = Union(ours.Object("fieldsV1") ?? [], taken);
        left.Insert(0, ours);
        return left;
    }

    private static bool IsOurs(JsonObject entry, string manager) =>
        entry.String("manager") == manager && entry.String("operation") == Apply && entry.String("subresource") is null or "";

    /// <summary>What is written in another version has paths of its own, and is left to a write in that version.</summary>
    private static bool IsKubectl(JsonObject entry, string? apiVersion) =>
        entry.String("subresource") is null or ""
        && entry.String("apiVersion") == apiVersion
        && entry.String("manager") is { } name
        && (name is "kubectl" or BeforeFirstApply || name.StartsWith("kubectl-", StringComparison.Ordinal));

    /// <summary>
    /// Moves the content, labels and annotations of an entry; null when nothing is left of it. Finalizers, owners and status are for controllers,
    /// and some annotations are set by hand for us or Flux to read (<c>requestedAt</c>, <c>prune</c>).
    /// </summary>
    private static JsonObject? Take(JsonObject entry, JsonObject taken)
    {
        var (moved, left) = (new JsonObject(), new JsonObject());
        foreach (var (name, below) in entry.Object("fieldsV1") ?? [])
        {
            if (name == "f:metadata" && below is JsonObject metadata)
            {
                Split(metadata, moved, left);
            }
            else
            {
                (name == "f:status" ? left : moved)[name] = below?.DeepClone();
            }
        }

        Union(taken, moved);
        var kept = (JsonObject)entry.DeepClone();
        kept["fieldsV1"] = left;
        return left.Count == 0 ? null : kept;
    }

    private static void Split(JsonObject metadata, JsonObject moved, JsonObject left)
    {
        var (movedMetadata, leftMetadata) = (new JsonObject(), new JsonObject());
        foreach (var (name, below) in metadata)
        {
            var members = below as JsonObject ?? [];
            if (name is not ("f:labels" or "f:annotations"))
            {
                leftMetadata[name] = below?.DeepClone();
                continue;
            }

            Add(movedMetadata, name, members.Where(m => !IsWish(m.Key)));
            Add(leftMetadata, name, members.Where(m => IsWish(m.Key)));
        }

        Add(moved, "f:metadata", movedMetadata);
        Add(left, "f:metadata", leftMetadata);
    }

    private static bool IsWish(string field) =>
        field.StartsWith($"f:{WellKnown.Group}/", StringComparison.Ordinal) || field == $"f:{WellKnown.Annotations.FluxRequestedAt}";

    /// <summary>A map with these members; none for one that would only say that it is there (<c>.</c>).</summary>
    private static void Add(JsonObject into, string name, IEnumerable<KeyValuePair<string, JsonNode?>> members)
    {
        var copy = new JsonObject(members.Select(m => KeyValuePair.Create(m.Key, m.Value?.DeepClone())));
        if (copy.Any(m => m.Key != "."))
        {
            into[name] = copy;
        }
    }

    /// <summary>Adds fields to others, in place.</summary>
    private static JsonObject Union(JsonObject into, JsonObject from)
    {
        foreach (var (name, value) in from)
        {
            if (into[name] is JsonObject known && value is JsonObject more)
            {
                Union(known, more);
            }
            else if (!into.ContainsKey(name))
            {
                into[name] = value?.DeepClone();
            }
        }

        return into;
    }
}

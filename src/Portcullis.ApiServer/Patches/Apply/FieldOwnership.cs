using System.Text.Json.Nodes;
using Portcullis.ApiServer.Errors;
using Portcullis.Schemas.Structural;

namespace Portcullis.ApiServer.Patches.Apply;

/// <summary>
/// Server-side apply and the bookkeeping of every other write (structured-merge-diff's Updater, KEP-555). Pure: objects in, objects out.
/// </summary>
internal static class FieldOwnership
{
    private static readonly string[] SystemMetadata =
    [
        "f:name", "f:namespace", "f:creationTimestamp", "f:selfLink", "f:uid", "f:clusterName", "f:generation", "f:managedFields",
        "f:resourceVersion",
    ];

    /// <summary>
    /// The managers after an ordinary write by <paramref name="updater"/>: what it changed is its own, what it removed is nobody's.
    /// </summary>
    public static void RecordUpdate(JsonObject live, JsonObject next, ManagedFields managed, ManagerKey updater, StructuralSchema schema, string now)
    {
        var comparison = FieldWalk.Compare(live, next, schema);
        var changed = FieldSet.Union(comparison.Added, comparison.Modified);
        Strip(changed);
        TakeAway(managed, FieldSet.Union(changed, comparison.Removed), except: null);
        if (!changed.IsEmpty)
        {
            var mine = managed.Entries.TryGetValue(updater, out var before) ? FieldSet.Union(before.Fields, changed) : changed;
            managed.Entries[updater] = new ManagerEntry(mine, updater.ApiVersion, now);
        }

        managed.LimitUpdaters();
    }

    /// <summary>
    /// The live object with <paramref name="applied"/> on top and without what this applier let go of; null when that is the live
    /// object itself. <paramref name="managed"/> is changed to the owners of each field afterwards. Fields in <paramref name="allowed"/> may be
    /// taken from another manager even without force.
    /// </summary>
    /// <exception cref="StatusException">409: a field belongs to another manager and <paramref name="force"/> is off.</exception>
    public static JsonObject? Apply(
        JsonObject live, JsonObject applied, ManagedFields managed, ManagerKey applier, string apiVersion, StructuralSchema schema, bool force, FieldSet? allowed = null)
    {
        var merged = (JsonObject)Merge.Apply(live, applied, schema)!;
        managed.Entries.TryGetValue(applier, out var last);
        var claimed = FieldWalk.FieldsOf(applied, schema);
        var keep = managed.Entries.Where(e => e.Key != applier).Aggregate(claimed, (all, e) => FieldSet.Union(all, e.Value.Fields));
        if (last is not null)
        {
            Merge.Prune(merged, last.Fields, keep, schema);
        }

        Strip(claimed);
        managed.Entries[applier] = new ManagerEntry(claimed, apiVersion, last?.Time);
        var comparison = FieldWalk.Compare(live, merged, schema);
        var changed = FieldSet.Union(comparison.Added, comparison.Modified);
        if (!force)
        {
            ThrowOnConflict(managed, allowed is null ? changed : FieldSet.Difference(changed, allowed), applier);
        }

        TakeAway(managed, changed, applier);
        TakeAway(managed, comparison.Removed, applier);
        if (managed.Entries[applier].Fields.IsEmpty)
        {
            managed.Entries.Remove(applier);
        }

        return JsonNode.DeepEquals(live, merged) ? null : merged;
    }

    /// <summary>Takes from a set what the server itself writes, which nobody owns.</summary>
    public static void Strip(FieldSet set)
    {
        foreach (var name in new[] { "f:apiVersion", "f:kind" })
        {
            set.Children.Remove(name);
        }

        if (set.Find("f:metadata") is { } metadata)
        {
            metadata.Owned = false;
            foreach (var name in SystemMetadata)
            {
                metadata.Children.Remove(name);
            }
        }
    }

    private static void TakeAway(ManagedFields managed, FieldSet fields, ManagerKey? except)
    {
        foreach (var (key, entry) in managed.Entries.ToList())
        {
            if (key == except)
            {
                continue;
            }

            var rest = FieldSet.Difference(entry.Fields, fields);
            if (rest.IsEmpty)
            {
                managed.Entries.Remove(key);
            }
            else
            {
                managed.Entries[key] = entry with { Fields = rest };
            }
        }
    }

    private static void ThrowOnConflict(ManagedFields managed, FieldSet changed, ManagerKey applier)
    {
        var conflicts = managed.Entries
            .Where(e => e.Key != applier)
            .SelectMany(e => FieldSet.Intersection(e.Value.Fields, changed).Paths().Select(path => (Manager: e.Key.ToString(), Path: path)))
            .OrderBy(c => c.Manager, StringComparer.Ordinal)
            .ToList();
        if (conflicts.Count == 0)
        {
            return;
        }

        var causes = new JsonArray();
        foreach (var (manager, path) in conflicts)
        {
            causes.Add((JsonNode)new JsonObject
            {
                ["reason"] = "FieldManagerConflict",
                ["message"] = $"conflict with {manager}",
                ["field"] = path,
            });
        }

        throw new StatusException(409, "Conflict", Describe(conflicts), new JsonObject { ["causes"] = causes });
    }

    private static string Describe(List<(string Manager, string Path)> conflicts)
    {
        if (conflicts.Count == 1)
        {
            return $"Apply failed with 1 conflict: conflict with {conflicts[0].Manager}: {conflicts[0].Path}";
        }

        var lines = conflicts
            .GroupBy(c => c.Manager, StringComparer.Ordinal)
            .SelectMany(g => g.Select(c => $"- {c.Path}").Prepend($"conflicts with {g.Key}:"));
        return $"Apply failed with {conflicts.Count} conflicts: {string.Join('\n', lines)}";
    }
}

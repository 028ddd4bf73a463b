using System.Globalization;
using System.Text.Json.Nodes;
using Portcullis.Objects.Json;

namespace Portcullis.ApiServer.Patches.Apply;

/// <summary>Who a set of fields belongs to. Appliers are the same at any version; updaters are not.</summary>
internal readonly record struct ManagerKey(string Manager, string Operation, string ApiVersion, string Subresource)
{
    public const string Apply = "Apply";
    public const string Update = "Update";

    public static ManagerKey Applier(string manager, string subresource) => new(manager, Apply, "", subresource);

    public static ManagerKey Updater(string manager, string apiVersion, string subresource) => new(manager, Update, apiVersion, subresource);

    /// <summary>How conflict messages name it.</summary>
    public override string ToString()
    {
        var text = $"\"{Manager}\"";
        if (Subresource.Length > 0)
        {
            text += $" with subresource \"{Subresource}\"";
        }

        return Operation == Update ? $"{text} using {ApiVersion}" : text;
    }
}

/// <summary>One manager's fields.</summary>
internal sealed record ManagerEntry(FieldSet Fields, string ApiVersion, string? Time);

/// <summary>The <c>metadata.managedFields</c> of an object, by manager.</summary>
internal sealed class ManagedFields
{
    private const int MaxUpdaters = 10;

    public Dictionary<ManagerKey, ManagerEntry> Entries { get; } = [];

    public static ManagedFields Parse(JsonObject value)
    {
        var managed = new ManagedFields();
        foreach (var entry in (value.Object("metadata").Array("managedFields") ?? []).OfType<JsonObject>())
        {
            var operation = entry.String("operation") ?? ManagerKey.Update;
            var apiVersion = entry.String("apiVersion") ?? "";
            var key = new ManagerKey(
                entry.String("manager") ?? "",
                operation,
                operation == ManagerKey.Apply ? "" : apiVersion,
                entry.String("subresource") ?? "");
            managed.Entries[key] = new ManagerEntry(FieldSet.Parse(entry.Object("fieldsV1")), apiVersion, entry.String("time"));
        }

        return managed;
    }

    public ManagedFields Copy()
    {
        var copy = new ManagedFields();
        foreach (var (key, entry) in Entries)
        {
            copy.Entries[key] = entry;
        }

        return copy;
    }

    /// <summary>Same managers with the same fields, whatever the times.</summary>
    public bool SameAs(ManagedFields other) =>
        Entries.Count == other.Entries.Count
        && Entries.All(e => other.Entries.TryGetValue(e.Key, out var entry)
            && entry.ApiVersion == e.Value.ApiVersion
            && FieldSet.Equal(entry.Fields, e.Value.Fields));

    /// <summary>Writes the entries into the object, appliers first, oldest first.</summary>
    public void WriteTo(JsonObject value)
    {
        if (value["metadata"] is not JsonObject metadata)
        {
            return;
        }

        metadata.Remove("managedFields");
        if (Entries.Count > 0)
        {
            var list = new JsonArray();
            foreach (var (key, entry) in Ordered())
            {
                list.Add((JsonNode)Encode(key, entry));
            }

            metadata["managedFields"] = list;
        }
    }

    /// <summary>Joins the oldest updaters into one when there are too many (apiserver's capManagers).</summary>
    public void LimitUpdaters()
    {
        var updaters = Ordered().Where(e => e.Key.Operation == ManagerKey.Update).ToList();
        for (var i = 0; i <= updaters.Count - 1 - MaxUpdaters; i++)
        {
            var (key, entry) = updaters[i];
            var bucket = ManagerKey.Updater("ancient-changes", key.ApiVersion, "");
            Entries.Remove(key);
            var fields = Entries.TryGetValue(bucket, out var before) ? FieldSet.Union(before.Fields, entry.Fields) : entry.Fields;
            Entries[bucket] = entry with { Fields = fields };
        }
    }

    private List<KeyValuePair<ManagerKey, ManagerEntry>> Ordered() => Entries
        .OrderBy(e => e.Key.Operation, StringComparer.Ordinal)
        .ThenBy(e => e.Value.Time is { } time ? DateTimeOffset.Parse(time, CultureInfo.InvariantCulture) : DateTimeOffset.MinValue)
        .ThenBy(e => e.Key.Manager, StringComparer.Ordinal)
        .ThenBy(e => e.Value.ApiVersion, StringComparer.Ordinal)
        .ThenBy(e => e.Key.Subresource, StringComparer.Ordinal)
        .ToList();

    private static JsonObject Encode(ManagerKey key, ManagerEntry entry)
    {
        var json = new JsonObject { ["manager"] = key.Manager, ["operation"] = key.Operation, ["apiVersion"] = entry.ApiVersion };
        if (entry.Time is not null)
        {
            json["time"] = entry.Time;
        }

        json["fieldsType"] = "FieldsV1";
        json["fieldsV1"] = entry.Fields.ToJson();
        if (key.Subresource.Length > 0)
        {
            json["subresource"] = key.Subresource;
        }

        return json;
    }
}

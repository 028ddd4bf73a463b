using System.Globalization;
using System.Text.Json.Nodes;
using Portcullis.Objects.Json;

namespace Portcullis.Core.Drift;

/// <summary>
/// Who made a change that is about to be reverted. Design law 1: the user where our admission webhook saw
/// the request, else the field manager and its time, else "unknown". Never a guess: a record older than what the object itself
/// says is not used.
/// </summary>
public static class DriftAttribution
{
    /// <summary>managedFields has whole seconds, and the API server's clock is not ours.</summary>
    private static readonly TimeSpan ClockSlack = TimeSpan.FromSeconds(3);

    /// <summary>
    /// <paramref name="observed"/> is the object as it is now, null when it is gone. Of several field managers the one counts that holds
    /// something of what is <paramref name="wanted"/>, or a label that is <paramref name="unwanted"/>.
    /// </summary>
    public static Attribution Of(JsonObject? observed, EditRecord? edit, JsonObject? wanted = null, IReadOnlyList<string>? unwanted = null)
    {
        if (observed is null)
        {
            return edit is { Verb: "DELETE" } ? new Attribution.User(edit.User) : Attribution.Nobody;
        }

        var entries = Entries(observed);
        var foreign = entries.Where(e => !e.IsOurs).MaxBy(e => e.Time);
        var newest = foreign ?? entries.MaxBy(e => e.Time);
        if (edit is not null && edit.Verb != "DELETE" && (newest is null || edit.At >= newest.Time - ClockSlack))
        {
            return new Attribution.User(edit.User);
        }

        foreign = entries.Where(e => !e.IsOurs && Holds(e, wanted, unwanted)).MaxBy(e => e.Time) ?? foreign;
        return foreign is null ? Attribution.Nobody : new Attribution.FieldManager(foreign.Manager, foreign.Time);
    }

    /// <summary>
    /// Whether an object that we wrote before shows by itself that somebody else changed what is wanted of it: a field of that is theirs
    /// now. All there is to go by when nothing is remembered; what we wrote differently ourselves, or never wrote, is no drift.
    /// </summary>
    public static bool IsVisible(JsonObject observed, JsonObject wanted, IReadOnlyList<string>? unwanted)
    {
        var entries = Entries(observed);
        return entries.Exists(e => e.IsOurs) && entries.Exists(e => !e.IsOurs && Holds(e, wanted, unwanted));
    }

    private static bool Holds(Entry entry, JsonObject? wanted, IReadOnlyList<string>? unwanted) =>
        (wanted is not null && Holds(entry.Fields, wanted))
        || (unwanted ?? []).Any(label => entry.Fields.Object("f:metadata").Object("f:labels")?.ContainsKey($"f:{label}") == true);

    /// <summary>Whether one of the value's fields is among a manager's (fieldsV1).</summary>
    private static bool Holds(JsonObject fields, JsonObject value) =>
        value.Any(member => fields[$"f:{member.Key}"] is JsonObject below
            && (member.Value is not JsonObject inner || inner.Count == 0 || below.Count == 0 || Holds(below, inner)));

    private static List<Entry> Entries(JsonObject observed)
    {
        var entries = new List<Entry>();
        foreach (var node in observed.Object("metadata").Array("managedFields") ?? [])
        {
            // Status is written by controllers all the time; it says nothing of who changed what was declared.
            if (node.String("manager") is { } manager
                && node.String("subresource") is null or ""
                && DateTimeOffset.TryParse(node.String("time"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time))
            {
                entries.Add(new Entry(manager, time, node.Object("fieldsV1") ?? []));
            }
        }

        return entries;
    }

    private sealed record Entry(string Manager, DateTimeOffset Time, JsonObject Fields)
    {
        public bool IsOurs => Manager.StartsWith(WellKnown.Managers.Prefix, StringComparison.Ordinal);
    }
}

using System.Globalization;
using System.Text.Json.Nodes;
using Portcullis.Objects.Json;

namespace Portcullis.Core.Drift;

/// <summary>
/// Who made a change that is about to be reverted, in words for an Event. Design law 1: the user where our admission webhook saw
/// the request, else the field manager and its time, else "unknown". Never a guess: a record older than what the object itself
/// says is not used.
/// </summary>
public static class DriftAttribution
{
    /// <summary>managedFields has whole seconds, and the API server's clock is not ours.</summary>
    private static readonly TimeSpan ClockSlack = TimeSpan.FromSeconds(3);

    /// <summary>
    /// <c>by user ann</c>, <c>by field manager kubectl-edit at 2026-11-22T10:02:11Z</c> or <c>by unknown</c>.
    /// <paramref name="observed"/> is the object as it is now, null when it is gone.
    /// </summary>
    public static string Describe(JsonObject? observed, EditRecord? edit)
    {
        if (observed is null)
        {
            return edit is { Verb: "DELETE" } ? $"by user {edit.User}" : "by unknown";
        }

        var entries = Entries(observed);
        var foreign = entries.Where(e => !e.Manager.StartsWith(WellKnown.Managers.Prefix, StringComparison.Ordinal)).MaxBy(e => e.Time);
        var own = entries.Where(e => e.Manager.StartsWith(WellKnown.Managers.Prefix, StringComparison.Ordinal)).MaxBy(e => e.Time);
        var newest = foreign ?? own;
        if (edit is not null && edit.Verb != "DELETE" && (newest is null || edit.At >= newest.Time - ClockSlack))
        {
            return $"by user {edit.User}";
        }

        return foreign is null
            ? "by unknown"
            : string.Create(CultureInfo.InvariantCulture, $"by field manager {foreign.Manager} at {foreign.Time.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}");
    }

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
                entries.Add(new Entry(manager, time));
            }
        }

        return entries;
    }

    private sealed record Entry(string Manager, DateTimeOffset Time);
}

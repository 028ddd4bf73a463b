using System.Text.Json.Nodes;
using Portcullis.Objects.Json;

namespace Portcullis.ApiServer.Kinds;

/// <summary>
/// Which of a CRD's names nobody else in its group has, and the conditions that report it (apiextensions' naming and establishing
/// controllers). Pure.
/// </summary>
internal static class CrdNames
{
    /// <summary>The status the CRD should have, beside the others of its group.</summary>
    public static JsonObject Status(JsonObject crd, IEnumerable<JsonObject> others, string now)
    {
        var status = (JsonObject?)crd.Object("status")?.DeepClone() ?? [];
        var group = crd.Object("spec").String("group");
        var taken = others.Where(o => o.Object("spec").String("group") == group).Select(o => o.Object("status").Object("acceptedNames")).ToList();
        var names = crd.Object("spec").Object("names") ?? [];
        var conflict = Conflict(names, taken);
        var wasEstablished = CustomKinds.IsEstablished(crd);
        if (conflict is null)
        {
            status["acceptedNames"] = names.DeepClone();
        }

        var conditions = new JsonArray();
        conditions.Add((JsonNode)(conflict is { } found
            ? Condition("NamesAccepted", "False", found.Reason, found.Message)
            : Condition("NamesAccepted", "True", "NoConflicts", "no conflicts found")));
        conditions.Add((JsonNode)(conflict is null || wasEstablished
            ? Condition("Established", "True", "InitialNamesAccepted", "the initial names have been accepted")
            : Condition("Established", "False", "NotAccepted", "not all names are accepted")));
        KeepOthers(conditions, status.Array("conditions"));
        status["conditions"] = WithTimes(conditions, status.Array("conditions"), now);
        return status;
    }

    private static (string Reason, string Message)? Conflict(JsonObject names, List<JsonObject?> taken)
    {
        var resources = taken.SelectMany(ResourceNames).ToHashSet(StringComparer.Ordinal);
        var kinds = taken.SelectMany(t => new[] { t.String("kind"), t.String("listKind") }).OfType<string>().ToHashSet(StringComparer.Ordinal);
        foreach (var (member, reason) in new[] { ("plural", "PluralConflict"), ("singular", "SingularConflict") })
        {
            if (names.String(member) is { Length: > 0 } name && resources.Contains(name))
            {
                return (reason, $"\"{name}\" is already in use");
            }
        }

        foreach (var name in (names.Array("shortNames") ?? []).Select(s => s?.ToString() ?? "").Where(resources.Contains))
        {
            return ("ShortNamesConflict", $"\"{name}\" is already in use");
        }

        foreach (var (member, reason) in new[] { ("kind", "KindConflict"), ("listKind", "ListKindConflict") })
        {
            if (names.String(member) is { Length: > 0 } name && kinds.Contains(name))
            {
                return (reason, $"\"{name}\" is already in use");
            }
        }

        return null;
    }

    private static IEnumerable<string> ResourceNames(JsonObject? names) =>
        new[] { names.String("plural"), names.String("singular") }
            .Concat((names.Array("shortNames") ?? []).Select(s => s?.ToString()))
            .OfType<string>()
            .Where(n => n.Length > 0);

    private static JsonObject Condition(string type, string status, string reason, string message) =>
        new() { ["type"] = type, ["status"] = status, ["reason"] = reason, ["message"] = message };

    private static void KeepOthers(JsonArray conditions, JsonArray? before)
    {
        foreach (var other in (before ?? []).Where(b => b.String("type") is not ("NamesAccepted" or "Established")).ToList())
        {
            conditions.Add(other?.DeepClone());
        }
    }

    private static JsonArray WithTimes(JsonArray conditions, JsonArray? before, string now)
    {
        foreach (var condition in conditions.OfType<JsonObject>())
        {
            var old = (before ?? []).FirstOrDefault(b => b.String("type") == condition.String("type"));
            condition["lastTransitionTime"] = old.String("status") == condition.String("status") ? old.String("lastTransitionTime") ?? now : now;
        }

        return conditions;
    }
}

using System.Globalization;
using System.Text.Json.Nodes;

namespace Portcullis.Kubernetes.Controllers;

/// <summary>Conditions as meta/v1 writes them: whole seconds, UTC.</summary>
internal static class ConditionJson
{
    public static JsonArray Write(IReadOnlyList<Condition> conditions)
    {
        var list = new JsonArray();
        foreach (var condition in conditions)
        {
            var item = new JsonObject { ["type"] = condition.Type, ["status"] = condition.Status };
            if (condition.ObservedGeneration is { } generation)
            {
                item["observedGeneration"] = generation;
            }

            if (condition.LastTransitionTime is { } time)
            {
                item["lastTransitionTime"] = Time(time);
            }

            item["reason"] = condition.Reason;
            item["message"] = condition.Message;
            list.Add((JsonNode)item);
        }

        return list;
    }

    /// <summary>meta/v1 Time.</summary>
    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>meta/v1 MicroTime: exactly six digits.</summary>
    public static string MicroTime(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);
}

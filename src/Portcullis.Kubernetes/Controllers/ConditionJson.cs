using System.Text.Json.Nodes;
using Portcullis.Objects.Json;

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
                item["lastTransitionTime"] = KubernetesJson.Time(time);
            }

            item["reason"] = condition.Reason;
            item["message"] = condition.Message;
            list.Add((JsonNode)item);
        }

        return list;
    }
}

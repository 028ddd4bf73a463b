using System.Text.Json.Nodes;

namespace Portcullis.Core.Drift;

/// <summary>
/// Whether an object already says what we want it to say. Fields that we do not name are others' business; amounts are equal when they
/// are the same amount, since the server rewrites them (<c>1000m</c> becomes <c>1</c>).
/// </summary>
public static class DesiredState
{
    /// <summary>True when every field of <paramref name="desired"/> is in <paramref name="observed"/>. Lists must match item by item, and an empty object means empty.</summary>
    public static bool Holds(JsonNode? desired, JsonNode? observed) => (desired, observed) switch
    {
        (null, _) => true,
        (JsonObject { Count: 0 }, null) => true,
        (JsonObject { Count: 0 }, JsonObject present) => present.Count == 0,
        (JsonObject wanted, JsonObject present) => wanted.All(field => Holds(field.Value, present[field.Key])),
        (JsonArray wanted, JsonArray present) => wanted.Count == present.Count && wanted.Zip(present).All(pair => Holds(pair.First, pair.Second)),
        (JsonArray { Count: 0 }, null) => true,
        (JsonValue wanted, JsonValue present) => SameScalar(wanted, present),
        _ => false,
    };

    private static bool SameScalar(JsonValue wanted, JsonValue present)
    {
        if (JsonNode.DeepEquals(wanted, present))
        {
            return true;
        }

        return wanted.TryGetValue(out string? left)
            && present.TryGetValue(out string? right)
            && Quantity.Parse(left) is { } first
            && Quantity.Parse(right) is { } second
            && first == second;
    }
}

using System.Text.Json.Nodes;
using Portcullis.Objects.Json;

namespace Portcullis.Testing;

/// <summary>
/// Whether an object's status keeps the rules of kstatus, as Flux checks its own controllers (fluxcd/pkg
/// runtime/conditions/check/fail.go, FAIL0001 to FAIL0009). To be checked when a reconcile has ended.
/// </summary>
public static class ConditionCheck
{
    /// <summary>Conditions that are bad news when True, besides Reconciling and Stalled.</summary>
    private static readonly HashSet<string> Negative = new(StringComparer.Ordinal) { "Reconciling", "Stalled", "FetchFailed", "Degraded" };

    /// <summary>Every rule broken, in words; empty for a good status.</summary>
    public static IReadOnlyList<string> Violations(JsonObject value)
    {
        var generation = Number(value.Object("metadata"), "generation");
        var status = value.Object("status");
        var observed = Number(status, "observedGeneration");
        var conditions = (status.Array("conditions") ?? []).OfType<JsonObject>().ToList();
        var ready = Find(conditions, "Ready");
        var isReady = ready.String("status") == "True";
        var reconciling = Find(conditions, "Reconciling");
        var stalled = Find(conditions, "Stalled");
        var broken = new List<string>();
        void Rule(string name, bool holds, string text)
        {
            if (!holds)
            {
                broken.Add($"{name}: {text}");
            }
        }

        Rule("FAIL0001", !isReady || !conditions.Any(c => Negative.Contains(c.String("type") ?? "") && c.String("status") == "True"), "bad news is True although Ready is True");
        Rule("FAIL0002", ready is not null, "Ready is not there");
        Rule("FAIL0003", reconciling.String("status") != "True" || ready is null || ready.String("status") == "False", "Reconciling is True but Ready is not False");
        Rule("FAIL0004", stalled.String("status") != "True" || ready is null || ready.String("status") == "False", "Stalled is True but Ready is not False");
        Rule("FAIL0005", reconciling is null || stalled is null, "Reconciling and Stalled are both there");
        Rule("FAIL0006", observed <= generation, "observedGeneration is ahead of the generation");
        Rule("FAIL0007", observed >= generation || !isReady, "Ready is True for an older generation");
        Rule("FAIL0008", !isReady || conditions.TrueForAll(c => Number(c, "observedGeneration") >= generation), "Ready is True but a condition speaks of an older generation");
        Rule("FAIL0009", !isReady || conditions.TrueForAll(c => Number(c, "observedGeneration") == observed), "a condition's observedGeneration is not the status' own");
        foreach (var condition in conditions)
        {
            Rule("metav1", condition.String("reason") is { Length: > 0 } && condition.String("lastTransitionTime") is { Length: > 0 } && condition.ContainsKey("message"),
                $"the condition {condition.String("type")} lacks reason, message or lastTransitionTime");
        }

        return broken;
    }

    private static JsonObject? Find(List<JsonObject> conditions, string type) => conditions.Find(c => c.String("type") == type);

    private static long Number(JsonNode? node, string name) =>
        (node as JsonObject)?[name] is JsonValue value && value.TryGetValue(out long number) ? number : 0;
}

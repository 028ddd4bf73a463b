using System.Text.Json.Nodes;
using Portcullis.Objects.Json;

namespace Portcullis.Core.Drift;

/// <summary>In which fields an object is not as it is wanted, in words for an Event.</summary>
public static class DriftedFields
{
    private const int MostFields = 5;
    private const int LongestValue = 60;

    /// <summary>As <c>metadata.labels.team: "b" in place of "a"</c>; empty when nothing differs.</summary>
    /// <param name="wanted">The fields that are wanted.</param>
    /// <param name="live">The object as it is.</param>
    /// <param name="unwanted">Labels that must not be there.</param>
    public static string Of(JsonObject wanted, JsonObject live, IReadOnlyList<string>? unwanted = null)
    {
        var fields = In(wanted, live, "").Concat(Unwanted(live, unwanted ?? [])).Distinct(StringComparer.Ordinal).ToList();
        return $"{string.Join(", ", fields.Take(MostFields))}{(fields.Count > MostFields ? FormattableString.Invariant($" and {fields.Count - MostFields} more") : "")}";
    }

    private static IEnumerable<string> In(JsonObject wanted, JsonObject live, string under)
    {
        foreach (var (name, value) in wanted)
        {
            var path = under.Length == 0 ? name : $"{under}.{name}";
            if (DesiredState.Holds(value, live[name]))
            {
                continue;
            }

            if ((value, live[name]) is (JsonObject { Count: > 0 } inner, JsonObject below))
            {
                foreach (var field in In(inner, below, path))
                {
                    yield return field;
                }
            }
            else
            {
                yield return (value, live[name]) switch
                {
                    (_, null) => $"{path} was missing",
                    (JsonValue, JsonValue) => $"{path}: {Short(live[name]!)} in place of {Short(value!)}",
                    _ => $"{path} differed",
                };
            }
        }
    }

    private static IEnumerable<string> Unwanted(JsonObject live, IReadOnlyList<string> labels) =>
        from label in labels
        let value = live["metadata"]?["labels"]?[label]
        where value is not null
        select $"metadata.labels.{label}: {Short(value)} was added";

    /// <summary>Without credentials: Events are read by more people than the objects.</summary>
    private static string Short(JsonNode value)
    {
        var text = KubernetesJson.ToText(CredentialText.Hide(value)!);
        return text.Length <= LongestValue ? text : $"{text[..LongestValue]}…";
    }
}

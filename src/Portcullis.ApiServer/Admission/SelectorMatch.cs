using System.Text.Json.Nodes;
using Portcullis.Objects.Json;

namespace Portcullis.ApiServer.Admission;

/// <summary>A selector as objects carry it (meta/v1 LabelSelector); empty selects everything.</summary>
internal static class SelectorMatch
{
    public static bool Matches(JsonObject? selector, JsonObject? labels)
    {
        foreach (var (name, value) in selector.Object("matchLabels") ?? [])
        {
            if (labels.String(name) is not { } present || value is not JsonValue wanted || wanted.GetValue<string>() != present)
            {
                return false;
            }
        }

        return (selector.Array("matchExpressions") ?? []).All(expression => Holds(expression, labels));
    }

    public static JsonObject? LabelsOf(JsonObject? value) => value.Object("metadata").Object("labels");

    private static bool Holds(JsonNode? expression, JsonObject? labels)
    {
        var present = labels.String(expression.String("key") ?? "");
        var values = expression.Strings("values");
        return expression.String("operator") switch
        {
            "In" => present is not null && values.Contains(present, StringComparer.Ordinal),
            "NotIn" => present is null || !values.Contains(present, StringComparer.Ordinal),
            "Exists" => present is not null,
            "DoesNotExist" => present is null,
            _ => false,
        };
    }
}

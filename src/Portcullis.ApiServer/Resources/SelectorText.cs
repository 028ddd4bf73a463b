using System.Text.Json.Nodes;
using Portcullis.Objects.Json;

namespace Portcullis.ApiServer.Resources;

/// <summary>A label selector (meta/v1 LabelSelector) as the text that <c>labelSelector</c> takes: what a Scale says of its pods.</summary>
internal static class SelectorText
{
    public static string Of(JsonObject selector)
    {
        var labels = (selector.Object("matchLabels") ?? []).Select(l => (l.Key, Text: $"{l.Key}={l.Value}"));
        var terms = (selector.Array("matchExpressions") ?? []).Select(e => e!.AsObject()).Select(e => (Key: e.String("key") ?? "", Text: Term(e)));
        return string.Join(",", labels.Concat(terms).OrderBy(t => t.Key, StringComparer.Ordinal).Select(t => t.Text));
    }

    private static string Term(JsonObject expression)
    {
        var key = expression.String("key");
        var values = string.Join(",", (expression.Array("values") ?? []).Select(v => v!.GetValue<string>()).Order(StringComparer.Ordinal));
        return expression.String("operator") switch
        {
            "In" => $"{key} in ({values})",
            "NotIn" => $"{key} notin ({values})",
            "DoesNotExist" => $"!{key}",
            _ => key ?? "",
        };
    }
}

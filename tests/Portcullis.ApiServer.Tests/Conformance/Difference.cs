using System.Text.Json.Nodes;

namespace Portcullis.ApiServer.Tests.Conformance;

/// <summary>Where two masked values differ, one line a place, so that a failing step says what to look at.</summary>
internal static class Difference
{
    public static IEnumerable<string> Between(JsonNode? expected, JsonNode? actual, string path = "")
    {
        switch (expected, actual)
        {
            case (JsonObject left, JsonObject right):
                foreach (var name in left.Select(m => m.Key).Union(right.Select(m => m.Key)))
                {
                    var place = $"{path}.{name}";
                    if (!right.ContainsKey(name))
                    {
                        yield return $"{place}: missing {Short(left[name])}";
                    }
                    else if (!left.ContainsKey(name))
                    {
                        yield return $"{place}: unexpected {Short(right[name])}";
                    }
                    else
                    {
                        foreach (var line in Between(left[name], right[name], place))
                        {
                            yield return line;
                        }
                    }
                }

                break;
            case (JsonArray left, JsonArray right) when left.Count == right.Count:
                for (var i = 0; i < left.Count; i++)
                {
                    foreach (var line in Between(left[i], right[i], $"{path}[{i}]"))
                    {
                        yield return line;
                    }
                }

                break;
            default:
                if (!JsonNode.DeepEquals(expected, actual))
                {
                    yield return $"{path}: expected {Short(expected)}, got {Short(actual)}";
                }

                break;
        }
    }

    private static string Short(JsonNode? node)
    {
        var text = node?.ToJsonString() ?? "null";
        return text.Length > 1200 ? text[..1200] + "…" : text;
    }
}

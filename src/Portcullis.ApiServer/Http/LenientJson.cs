using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Portcullis.Objects.Json;

namespace Portcullis.ApiServer.Http;

/// <summary>
/// Reads JSON whose objects repeat a key: the last one counts, and the first hundred repetitions are named, as the real decoder does. Paths are
/// only put together for those: a long key above many short ones would else cost the product of both.
/// </summary>
internal static class LenientJson
{
    private const int MostProblems = 100;

    /// <summary>Null when the text is not JSON at all, or too deep.</summary>
    public static JsonNode? Read(ReadOnlySpan<byte> text, List<string> problems)
    {
        var reader = new Utf8JsonReader(text, new JsonReaderOptions { MaxDepth = KubernetesJson.MaxDepth });
        try
        {
            _ = reader.Read();
            var value = Value(ref reader, [], problems);
            return reader.Read() ? null : value;
        }
        catch (JsonException)
        {
            problems.Clear();
            return null;
        }
    }

    private static JsonNode? Value(ref Utf8JsonReader reader, List<string> path, List<string> problems) => reader.TokenType switch
    {
        JsonTokenType.StartObject => Members(ref reader, path, problems),
        JsonTokenType.StartArray => Items(ref reader, path, problems),
        _ => JsonNode.Parse(ref reader),
    };

    private static JsonObject Members(ref Utf8JsonReader reader, List<string> path, List<string> problems)
    {
        var value = new JsonObject();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            path.Add(path.Count == 0 ? name : "." + name);
            if (value.ContainsKey(name) && problems.Count < MostProblems)
            {
                problems.Add($"duplicate field \"{string.Concat(path)}\"");
            }

            _ = reader.Read();
            value[name] = Value(ref reader, path, problems);
            path.RemoveAt(path.Count - 1);
        }

        return value;
    }

    private static JsonArray Items(ref Utf8JsonReader reader, List<string> path, List<string> problems)
    {
        var list = new JsonArray();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            path.Add(string.Create(CultureInfo.InvariantCulture, $"[{list.Count}]"));
            list.Add(Value(ref reader, path, problems));
            path.RemoveAt(path.Count - 1);
        }

        return list;
    }
}

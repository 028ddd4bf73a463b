using System.Text.Json;
using System.Text.Json.Nodes;
using Portcullis.Objects.Json;

namespace Portcullis.ApiServer.Http;

/// <summary>Reads JSON whose objects repeat a key: the last one counts, and each repetition is named.</summary>
internal static class LenientJson
{
    /// <summary>Null when the text is not JSON at all, or too deep.</summary>
    public static JsonNode? Read(ReadOnlySpan<byte> text, List<string> problems)
    {
        var reader = new Utf8JsonReader(text, new JsonReaderOptions { MaxDepth = KubernetesJson.MaxDepth });
        try
        {
            _ = reader.Read();
            var value = Value(ref reader, "", problems);
            return reader.Read() ? null : value;
        }
        catch (JsonException)
        {
            problems.Clear();
            return null;
        }
    }

    private static JsonNode? Value(ref Utf8JsonReader reader, string path, List<string> problems) => reader.TokenType switch
    {
        JsonTokenType.StartObject => Members(ref reader, path, problems),
        JsonTokenType.StartArray => Items(ref reader, path, problems),
        _ => JsonNode.Parse(ref reader),
    };

    private static JsonObject Members(ref Utf8JsonReader reader, string path, List<string> problems)
    {
        var value = new JsonObject();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            var memberPath = path.Length == 0 ? name : $"{path}.{name}";
            if (value.ContainsKey(name))
            {
                problems.Add($"duplicate field \"{memberPath}\"");
            }

            _ = reader.Read();
            value[name] = Value(ref reader, memberPath, problems);
        }

        return value;
    }

    private static JsonArray Items(ref Utf8JsonReader reader, string path, List<string> problems)
    {
        var list = new JsonArray();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            list.Add(Value(ref reader, $"{path}[{list.Count}]", problems));
        }

        return list;
    }
}

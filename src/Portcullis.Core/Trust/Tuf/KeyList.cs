using System.Text.Json;

namespace Portcullis.Core.Trust.Tuf;

/// <summary>Keys as metadata list them: <c>{ID: {keytype, keyval: {private, public}}}</c>, and by their ids elsewhere.</summary>
internal static class KeyList
{
    /// <exception cref="MalformedMetadataException">A key is listed under an id that is not its own.</exception>
    public static Dictionary<string, TufKey> Read(ref Utf8JsonReader reader)
    {
        MetadataJson.Expect(ref reader, JsonTokenType.StartObject, "'keys'");
        Dictionary<string, TufKey> keys = new(StringComparer.Ordinal);
        while (MetadataJson.NextMember(ref reader, out var id))
        {
            var key = ReadKey(ref reader);
            keys.Add(id, key.Id == id ? key : throw new MalformedMetadataException($"the key {Short(id)} is listed under another id than its own, {Short(key.Id)}", TufErrorKind.KeyId));
        }

        return keys;
    }

    /// <summary>Of ids, each once, the keys.</summary>
    /// <exception cref="MalformedMetadataException">There is no such key, or the threshold is below 1.</exception>
    public static AuthorizedKeys Authorized(string role, IReadOnlyList<string>? ids, long? threshold, Dictionary<string, TufKey> keys)
    {
        if (ids is null || threshold is null)
        {
            throw new MalformedMetadataException($"the role {role} lacks 'keyids' or 'threshold'");
        }

        return new AuthorizedKeys(
            [.. ids.Distinct(StringComparer.Ordinal).Select(id => keys.GetValueOrDefault(id) ?? throw new MalformedMetadataException($"the role {role} names the key {Short(id)}, which is not listed"))],
            (int)Math.Min(threshold.Value, int.MaxValue));
    }

    public static List<string> ReadIds(ref Utf8JsonReader reader) => ReadTexts(ref reader, "'keyids'");

    public static List<string> ReadTexts(ref Utf8JsonReader reader, string what)
    {
        MetadataJson.Expect(ref reader, JsonTokenType.StartArray, what);
        List<string> texts = [];
        while (MetadataJson.NextElement(ref reader))
        {
            texts.Add(MetadataJson.Text(ref reader, what));
        }

        return texts;
    }

    public static void Write(Utf8JsonWriter json, IEnumerable<TufKey> keys)
    {
        json.WriteStartObject();
        foreach (var key in keys.DistinctBy(k => k.Id))
        {
            json.WriteStartObject(key.Id);
            json.WriteString("keytype", key.Type);
            json.WriteStartObject("keyval");
            json.WriteNull("private");
            json.WriteBase64String("public", key.Public);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    public static void WriteAuthorized(Utf8JsonWriter json, AuthorizedKeys keys)
    {
        json.WriteStartArray("keyids");
        foreach (var key in keys.Keys)
        {
            json.WriteStringValue(key.Id);
        }

        json.WriteEndArray();
        json.WriteNumber("threshold", keys.Threshold);
    }

    /// <summary>Those that none of the roles has.</summary>
    public static IReadOnlyList<TufKey> Others(Dictionary<string, TufKey> keys, IEnumerable<AuthorizedKeys> roles)
    {
        var used = roles.SelectMany(r => r.Keys).Select(k => k.Id).ToHashSet(StringComparer.Ordinal);
        return [.. keys.Values.Where(k => !used.Contains(k.Id))];
    }

    public static string Short(string id) => id.Length <= 12 ? id : $"{id.AsSpan(0, 12)}…";

    private static TufKey ReadKey(ref Utf8JsonReader reader)
    {
        MetadataJson.Expect(ref reader, JsonTokenType.StartObject, "a key");
        var (type, content) = ((string?)null, (byte[]?)null);
        while (MetadataJson.NextMember(ref reader, out var name))
        {
            switch (name)
            {
                case "keytype":
                    type = MetadataJson.Text(ref reader, "'keytype'");
                    break;
                case "keyval":
                    content = ReadContent(ref reader);
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return type is null || content is null ? throw new MalformedMetadataException("a key lacks 'keytype' or 'keyval'") : new TufKey(type, content);
    }

    private static byte[]? ReadContent(ref Utf8JsonReader reader)
    {
        MetadataJson.Expect(ref reader, JsonTokenType.StartObject, "'keyval'");
        byte[]? content = null;
        while (MetadataJson.NextMember(ref reader, out var name))
        {
            if (name == "public")
            {
                content = MetadataJson.Bytes(ref reader, "'public' of a key");
            }
            else
            {
                reader.Skip();
            }
        }

        return content;
    }
}

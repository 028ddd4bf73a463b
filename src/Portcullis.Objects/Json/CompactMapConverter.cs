using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Portcullis.Objects.Json;

/// <summary>Reads labels and annotations, which are a handful on nearly every object, as one array instead of a hash table. The last of equal names counts.</summary>
public sealed class CompactMapConverter : JsonConverter<IReadOnlyDictionary<string, string>>
{
    /// <summary>With more entries than this a hash table is faster to look into.</summary>
    private const int Most = 16;

    public override IReadOnlyDictionary<string, string> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException();
        }

        var entries = new List<string>(2 * Most);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = PooledTextConverter.Take(ref reader)!;
            reader.Read();
            var value = PooledTextConverter.Take(ref reader)!;
            if (IndexOf(CollectionsMarshal.AsSpan(entries), name) is var known and >= 0)
            {
                entries[known + 1] = value;
            }
            else
            {
                entries.Add(name);
                entries.Add(value);
            }

            if (entries.Count > 2 * Most)
            {
                return ReadMany(ref reader, entries);
            }
        }

        return new CompactMap([.. entries]);
    }

    public override void Write(Utf8JsonWriter writer, IReadOnlyDictionary<string, string> value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(value);
        writer.WriteStartObject();
        foreach (var (name, text) in value)
        {
            writer.WriteString(name, text);
        }

        writer.WriteEndObject();
    }

    private static Dictionary<string, string> ReadMany(ref Utf8JsonReader reader, List<string> entries)
    {
        var map = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < entries.Count; i += 2)
        {
            map[entries[i]] = entries[i + 1];
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = PooledTextConverter.Take(ref reader)!;
            reader.Read();
            map[name] = PooledTextConverter.Take(ref reader)!;
        }

        return map;
    }

    private static int IndexOf(ReadOnlySpan<string> entries, string name)
    {
        for (var i = 0; i < entries.Length; i += 2)
        {
            if (entries[i] == name)
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary><paramref name="entries"/>: name, value, name, value.</summary>
    private sealed class CompactMap(string[] entries) : IReadOnlyDictionary<string, string>
    {
        public string this[string key] => TryGetValue(key, out var value) ? value : throw new KeyNotFoundException($"there is no {key}");

        public IEnumerable<string> Keys => this.Select(pair => pair.Key);

        public IEnumerable<string> Values => this.Select(pair => pair.Value);

        public int Count => entries.Length / 2;

        public bool ContainsKey(string key) => IndexOf(entries, key) >= 0;

        public bool TryGetValue(string key, [MaybeNullWhen(false)] out string value)
        {
            var index = IndexOf(entries, key);
            value = index < 0 ? null : entries[index + 1];
            return index >= 0;
        }

        public IEnumerator<KeyValuePair<string, string>> GetEnumerator()
        {
            for (var i = 0; i < entries.Length; i += 2)
            {
                yield return new KeyValuePair<string, string>(entries[i], entries[i + 1]);
            }
        }

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}

using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Portcullis.Objects.Json;

namespace Portcullis.Core.Hardening;

/// <summary>
/// daemon.json as a list of top-level keys whose values keep their bytes, so that foreign keys stay as they were written. Of two equal keys
/// the last one applies, as in Go's decoder; both stay when they are not ours.
/// </summary>
public sealed class DaemonJson
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private readonly IReadOnlyList<(string Key, string Raw)> _entries;

    private DaemonJson(IReadOnlyList<(string Key, string Raw)> entries)
    {
        _entries = entries;
        Values = [];
        foreach (var (key, raw) in entries)
        {
            Values[key] = KubernetesJson.Parse(Encoding.UTF8.GetBytes(raw));
        }
    }

    public static DaemonJson Empty { get; } = new([]);

    /// <summary>What the engine reads. Must not be changed: <see cref="With"/> returns a new file.</summary>
    public JsonObject Values { get; }

    /// <exception cref="JsonException">It is not one JSON object in UTF-8.</exception>
    public static DaemonJson Parse(ReadOnlySpan<byte> utf8)
    {
        var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = KubernetesJson.MaxDepth });
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException("it is not a JSON object");
        }

        var entries = new List<(string, string)>();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var key = Key(ref reader);
            reader.Read();
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            entries.Add((key, Decode(utf8[start..(int)reader.BytesConsumed])));
        }

        // Content after the object: an engine before 23.0 ignores it, a later one does not start.
        while (reader.Read())
        {
        }

        return new DaemonJson(entries);
    }

    /// <summary>The same file with keys set (in place, or at the end by name when new) and keys removed.</summary>
    public DaemonJson With(IReadOnlyDictionary<string, JsonNode> set, IReadOnlySet<string> removed)
    {
        var entries = new List<(string, string)>();
        var placed = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (key, raw) in _entries)
        {
            if (set.TryGetValue(key, out var value))
            {
                if (placed.Add(key))
                {
                    entries.Add((key, JsonNode.DeepEquals(value, Values[key]) && IsSingle(key) ? raw : Indented(value)));
                }
            }
            else if (!removed.Contains(key))
            {
                entries.Add((key, raw));
            }
        }

        entries.AddRange(set.Where(p => !placed.Contains(p.Key)).OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => (p.Key, Indented(p.Value))));
        return new DaemonJson(entries);
    }

    /// <summary>Whether an engine reads the same from both.</summary>
    public bool Means(DaemonJson other) => JsonNode.DeepEquals(Values, other.Values) && _entries.Count == other._entries.Count;

    public byte[] ToBytes()
    {
        if (_entries.Count == 0)
        {
            return "{}\n"u8.ToArray();
        }

        var text = new StringBuilder("{\n");
        for (var i = 0; i < _entries.Count; i++)
        {
            text.Append("  ").Append(KubernetesJson.ToText(JsonValue.Create(_entries[i].Key))).Append(": ").Append(_entries[i].Raw);
            text.Append(i + 1 < _entries.Count ? ",\n" : "\n");
        }

        return Encoding.UTF8.GetBytes(text.Append("}\n").ToString());
    }

    private bool IsSingle(string key) => _entries.Count(e => e.Key == key) == 1;

    private static string Key(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw new JsonException("it is not UTF-8");
        }
    }

    private static string Decode(ReadOnlySpan<byte> utf8)
    {
        try
        {
            return Strict.GetString(utf8);
        }
        catch (DecoderFallbackException)
        {
            throw new JsonException("it is not UTF-8");
        }
    }

    private static string Indented(JsonNode value)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping, NewLine = "\n" }))
        {
            value.WriteTo(writer);
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan).Replace("\n", "\n  ", StringComparison.Ordinal);
    }
}

using System.Text.Json;
using System.Text.Json.Nodes;
using Portcullis.Objects.Json;

namespace Portcullis.ApiServer.Storage;

/// <summary>
/// One stored version of one object, kept as JSON: as a tree of nodes it takes twenty times the memory, and thousands of objects and of their
/// recent versions are kept.
/// </summary>
internal sealed class StoredObject
{
    private static readonly JsonDocumentOptions Own = new() { MaxDepth = KubernetesJson.MaxDepth };

    private readonly byte[] _json;
    private WeakReference<JsonObject>? _nodes;

    public StoredObject(ApiResource resource, ObjectKey key, long version, JsonObject value)
        : this(resource, key, version, KubernetesJson.ToBytes(value)) => _nodes = new WeakReference<JsonObject>(value);

    public StoredObject(ApiResource resource, ObjectKey key, long version, byte[] json)
    {
        (Resource, Key, Version) = (resource, key, version);
        _json = json;
    }

    /// <summary>The kind, in the version that it is stored in.</summary>
    public ApiResource Resource { get; }

    public ObjectKey Key { get; }

    public long Version { get; }

    /// <summary>UTF-8, never changed.</summary>
    public byte[] Json => _json;

    /// <summary>As nodes, which are shared and never changed: clone before editing. They are made anew when nobody has held them for a while.</summary>
    public JsonObject Object
    {
        get
        {
            if (_nodes?.TryGetTarget(out var known) == true)
            {
                return known;
            }

            var nodes = (JsonObject)JsonNode.Parse(_json, null, Own)!;
            _nodes = new WeakReference<JsonObject>(nodes);
            return nodes;
        }
    }

    /// <summary>Its labels, without making nodes of the rest.</summary>
    public JsonObject? Labels
    {
        get
        {
            if (_nodes?.TryGetTarget(out var known) == true)
            {
                return known.Object("metadata").Object("labels");
            }

            var reader = new Utf8JsonReader(_json, new JsonReaderOptions { MaxDepth = KubernetesJson.MaxDepth });
            return reader.Read() && Enter(ref reader, "metadata"u8) && Enter(ref reader, "labels"u8) ? JsonNode.Parse(ref reader) as JsonObject : null;
        }
    }

    /// <summary>Writes it as it is, or without the members that name its kind.</summary>
    public void WriteTo(Utf8JsonWriter writer, bool withType)
    {
        if (withType)
        {
            writer.WriteRawValue(_json, skipInputValidation: true);
            return;
        }

        writer.WriteStartObject();
        var reader = new Utf8JsonReader(_json, new JsonReaderOptions { MaxDepth = KubernetesJson.MaxDepth });
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isType = reader.ValueTextEquals("kind"u8) || reader.ValueTextEquals("apiVersion"u8);
            var name = isType ? "" : reader.GetString()!;
            reader.Read();
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            if (!isType)
            {
                writer.WritePropertyName(name);
                writer.WriteRawValue(_json.AsSpan(start, (int)reader.BytesConsumed - start), skipInputValidation: true);
            }
        }

        writer.WriteEndObject();
    }

    /// <summary>From the start of an object to the value of one of its members, which is an object.</summary>
    private static bool Enter(ref Utf8JsonReader reader, ReadOnlySpan<byte> member)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isIt = reader.ValueTextEquals(member);
            reader.Read();
            if (isIt)
            {
                return reader.TokenType == JsonTokenType.StartObject;
            }

            reader.Skip();
        }

        return false;
    }
}

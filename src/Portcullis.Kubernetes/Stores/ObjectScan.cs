using System.Text.Json;
using Portcullis.Objects.Json;

namespace Portcullis.Kubernetes.Stores;

/// <summary>
/// Finds, in one pass over an object's bytes, what a store needs to know before it decodes anything: key, version, and where
/// managedFields stand, so that they can be cut out.
/// </summary>
internal readonly record struct ObjectScan(ObjectKey Key, string ResourceVersion, int CutStart, int CutLength)
{
    public static ObjectScan Of(ReadOnlySpan<byte> utf8)
    {
        var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = KubernetesJson.MaxDepth });
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException("The object is not a JSON object.");
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("metadata"u8))
            {
                return Metadata(ref reader);
            }

            reader.Skip();
        }

        throw new JsonException("The object has no metadata.");
    }

    /// <summary>The object without the cut part.</summary>
    public byte[] Cut(ReadOnlySpan<byte> utf8)
    {
        if (CutLength == 0)
        {
            return utf8.ToArray();
        }

        var result = new byte[utf8.Length - CutLength];
        utf8[..CutStart].CopyTo(result);
        utf8[(CutStart + CutLength)..].CopyTo(result.AsSpan(CutStart));
        return result;
    }

    private static ObjectScan Metadata(ref Utf8JsonReader reader)
    {
        string space = "", name = "", version = "";
        int start = 0, length = 0, previousEnd = 0;
        var cutIsFirst = false;
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException("metadata is not an object.");
        }

        previousEnd = (int)reader.BytesConsumed;
        for (var first = true; reader.Read() && reader.TokenType == JsonTokenType.PropertyName; first = false)
        {
            var propertyStart = (int)reader.TokenStartIndex;
            if (length > 0 && cutIsFirst)
            {
                // First of several: the comma that follows it is removed too.
                length = propertyStart - start;
                cutIsFirst = false;
            }

            if (reader.ValueTextEquals("managedFields"u8))
            {
                reader.Read();
                reader.Skip();

                // Not the first: the comma before it is removed too.
                start = first ? propertyStart : previousEnd;
                length = (int)reader.BytesConsumed - start;
                cutIsFirst = first;
            }
            else
            {
                ReadText(ref reader, ref space, ref name, ref version);
            }

            previousEnd = (int)reader.BytesConsumed;
        }

        return new ObjectScan(new ObjectKey(space, name), version, start, length);
    }

    private static void ReadText(ref Utf8JsonReader reader, ref string space, ref string name, ref string version)
    {
        var isSpace = reader.ValueTextEquals("namespace"u8);
        var isName = reader.ValueTextEquals("name"u8);
        var isVersion = reader.ValueTextEquals("resourceVersion"u8);
        reader.Read();
        if (isSpace)
        {
            space = reader.GetString() ?? "";
        }
        else if (isName)
        {
            name = reader.GetString() ?? "";
        }
        else if (isVersion)
        {
            version = reader.GetString() ?? "";
        }
        else
        {
            reader.Skip();
        }
    }
}

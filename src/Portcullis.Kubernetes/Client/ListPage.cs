using System.Text.Json;
using Portcullis.Objects.Json;

namespace Portcullis.Kubernetes.Client;

/// <summary>
/// One page of a list as slices of its bytes: each item is decoded once, straight into what a store keeps.
/// <see cref="ResourceVersion"/> is where a watch continues; <see cref="Continue"/> asks for the next page.
/// </summary>
public sealed record ListPage(string ResourceVersion, string? Continue, IReadOnlyList<ReadOnlyMemory<byte>> Items)
{
    /// <exception cref="JsonException">The bytes are no Kubernetes list.</exception>
    internal static ListPage Read(byte[] utf8)
    {
        var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = KubernetesJson.MaxDepth });
        var items = new List<ReadOnlyMemory<byte>>();
        string version = "", next = "";
        Expect(ref reader, JsonTokenType.StartObject);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("items"u8))
            {
                ReadItems(utf8, ref reader, items);
            }
            else if (reader.ValueTextEquals("metadata"u8))
            {
                ReadMetadata(ref reader, ref version, ref next);
            }
            else
            {
                reader.Skip();
            }
        }

        return new ListPage(version, next.Length == 0 ? null : next, items);
    }

    private static void ReadItems(byte[] utf8, ref Utf8JsonReader reader, List<ReadOnlyMemory<byte>> items)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.Null)
        {
            return;
        }

        if (reader.TokenType != JsonTokenType.StartArray)
        {
            throw new JsonException("The items of the list are not an array.");
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
        {
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            items.Add(utf8.AsMemory(start, (int)reader.BytesConsumed - start));
        }
    }

    private static void ReadMetadata(ref Utf8JsonReader reader, ref string version, ref string next)
    {
        Expect(ref reader, JsonTokenType.StartObject);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isVersion = reader.ValueTextEquals("resourceVersion"u8);
            var isNext = reader.ValueTextEquals("continue"u8);
            reader.Read();
            if (isVersion)
            {
                version = reader.GetString() ?? "";
            }
            else if (isNext)
            {
                next = reader.GetString() ?? "";
            }
            else
            {
                reader.Skip();
            }
        }
    }

    private static void Expect(ref Utf8JsonReader reader, JsonTokenType type)
    {
        if (!reader.Read() || reader.TokenType != type)
        {
            throw new JsonException("The response is not a Kubernetes list.");
        }
    }
}

using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Portcullis.Scanning.Images;

/// <summary>Reads manifests, indexes and configs.</summary>
internal static class OciDocuments
{
    private const string TagAnnotation = "org.opencontainers.image.ref.name";

    /// <exception cref="ImageInputException">It is no such document.</exception>
    public static T Read<T>(ReadOnlyMemory<byte> bytes, JsonTypeInfo<T> type, string what)
    {
        try
        {
            RefuseNullItems(bytes.Span, what);
            return JsonSerializer.Deserialize(bytes.Span, type) ?? throw new ImageInputException($"{what} is empty");
        }
        catch (JsonException e)
        {
            throw new ImageInputException($"{what} is not what it should be: {e.Message}");
        }
    }

    /// <summary>The serializer takes null for an item of a list.</summary>
    private static void RefuseNullItems(ReadOnlySpan<byte> bytes, string what)
    {
        var reader = new Utf8JsonReader(bytes);
        var inArrays = new Stack<bool>();
        while (reader.Read())
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.StartArray or JsonTokenType.StartObject:
                    inArrays.Push(reader.TokenType == JsonTokenType.StartArray);
                    break;
                case JsonTokenType.EndArray or JsonTokenType.EndObject:
                    inArrays.Pop();
                    break;
                case JsonTokenType.Null when inArrays.TryPeek(out var inArray) && inArray:
                    throw new ImageInputException($"{what} has a list with a null in it");
            }
        }
    }

    /// <exception cref="ImageInputException">Its digest is none.</exception>
    public static StoredBlob Blob(OciDescriptor descriptor) => new(descriptor.MediaType, BlobDigest.Check(descriptor.Digest), descriptor.Size)
    {
        Platform = descriptor.Platform is { } p ? new(p.Os, p.Architecture, string.IsNullOrEmpty(p.Variant) ? null : p.Variant) : null,
        Tag = descriptor.Annotations?.GetValueOrDefault(TagAnnotation),
    };
}

using System.Text.Json;
using Portcullis.Scanning.Files;

namespace Portcullis.Scanning.Packages;

/// <summary>Reads JSON of a layer token by token: a document in memory has twelve bytes for each token, which is many times the file when it is made so.</summary>
internal static class JsonFile
{
    private const int MaxDepth = 256;

    /// <summary>What reads an object; it is given the reader at the object's beginning.</summary>
    public delegate T ObjectReader<out T>(ref Utf8JsonReader reader);

    /// <summary>What reads the value of a property; it leaves the reader at the value's end. False when it is to be passed over.</summary>
    public delegate bool PropertyReader(string name, ref Utf8JsonReader reader);

    /// <summary>Reads a file that is an object.</summary>
    /// <exception cref="UnreadableFileException">It is none.</exception>
    public static T Read<T>(ReadOnlySpan<byte> content, ObjectReader<T> read)
    {
        content = content.StartsWith("\ufeff"u8) ? content[3..] : content;
        var reader = new Utf8JsonReader(content, new JsonReaderOptions { MaxDepth = MaxDepth, AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip });
        try
        {
            reader.Read();
            return reader.TokenType == JsonTokenType.StartObject ? read(ref reader) : throw new UnreadableFileException("it is no JSON object");
        }
        catch (JsonException exception)
        {
            throw new UnreadableFileException($"it is no JSON: {exception.Message}");
        }
        catch (InvalidOperationException)
        {
            // Utf8JsonReader says so of a string that is not UTF-8.
            throw new UnreadableFileException("it is no JSON: a string in it is no UTF-8");
        }
    }

    /// <summary>Reads the properties of the object that begins at the reader; what is not an object is passed over.</summary>
    public static void Properties(ref Utf8JsonReader reader, PropertyReader read)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            reader.Read();
            if (!read(name, ref reader))
            {
                reader.Skip();
            }
        }
    }

    /// <summary>The text at the reader; null when it is something else, which is passed over.</summary>
    public static string? Text(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.String)
        {
            return reader.GetString();
        }

        reader.Skip();
        return null;
    }
}

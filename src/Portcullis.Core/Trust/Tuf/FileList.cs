using System.Security.Cryptography;
using System.Text.Json;

namespace Portcullis.Core.Trust.Tuf;

/// <summary>Files as metadata list them: <c>{NAME: {hashes: {sha256, sha512}, length}}</c>.</summary>
internal static class FileList
{
    public static Dictionary<string, TufFile> Read(ref Utf8JsonReader reader)
    {
        MetadataJson.Expect(ref reader, JsonTokenType.StartObject, "'meta'");
        Dictionary<string, TufFile> files = new(StringComparer.Ordinal);
        while (MetadataJson.NextMember(ref reader, out var name))
        {
            files.Add(name, ReadFile(ref reader));
        }

        return files;
    }

    /// <summary>The hashes of a file: SHA-256 must be there. Others than the two are not looked at.</summary>
    public static (byte[]? Sha256, byte[]? Sha512) ReadHashes(ref Utf8JsonReader reader)
    {
        MetadataJson.Expect(ref reader, JsonTokenType.StartObject, "'hashes'");
        var (sha256, sha512) = ((byte[]?)null, (byte[]?)null);
        while (MetadataJson.NextMember(ref reader, out var name))
        {
            switch (name)
            {
                case "sha256":
                    sha256 = Hash(ref reader, "'sha256'", SHA256.HashSizeInBytes);
                    break;
                case "sha512":
                    sha512 = Hash(ref reader, "'sha512'", SHA512.HashSizeInBytes);
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return (sha256, sha512);
    }

    public static void Write(Utf8JsonWriter json, IEnumerable<KeyValuePair<string, TufFile>> files)
    {
        json.WriteStartObject("meta");
        foreach (var (name, file) in files)
        {
            json.WriteStartObject(name);
            WriteHashes(json, file.Sha256, file.Sha512);
            json.WriteNumber("length", file.Length);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    public static void WriteHashes(Utf8JsonWriter json, byte[] sha256, byte[]? sha512)
    {
        json.WriteStartObject("hashes");
        json.WriteBase64String("sha256", sha256);
        if (sha512 is not null)
        {
            json.WriteBase64String("sha512", sha512);
        }

        json.WriteEndObject();
    }

    private static TufFile ReadFile(ref Utf8JsonReader reader)
    {
        MetadataJson.Expect(ref reader, JsonTokenType.StartObject, "a file of 'meta'");
        var (length, sha256, sha512) = ((long?)null, (byte[]?)null, (byte[]?)null);
        while (MetadataJson.NextMember(ref reader, out var name))
        {
            switch (name)
            {
                case "length":
                    length = MetadataJson.Number(ref reader, 0, "'length'");
                    break;
                case "hashes":
                    (sha256, sha512) = ReadHashes(ref reader);
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return length is null || sha256 is null ? throw new MalformedMetadataException("a file of 'meta' lacks 'length' or the hash 'sha256'") : new TufFile(length.Value, sha256, sha512);
    }

    private static byte[] Hash(ref Utf8JsonReader reader, string what, int length)
    {
        var hash = MetadataJson.Bytes(ref reader, what);
        return hash.Length == length ? hash : throw new MalformedMetadataException($"{what} has not {length} bytes");
    }
}

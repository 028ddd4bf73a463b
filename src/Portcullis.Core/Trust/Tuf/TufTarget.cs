using System.Text.Json;

namespace Portcullis.Core.Trust.Tuf;

/// <summary>A tag and the manifest that it names.</summary>
/// <param name="Name">The tag.</param>
/// <param name="Length">Of the manifest, in bytes.</param>
/// <param name="Sha256">Of the manifest; null when only another hash is said, which names no image.</param>
/// <param name="Sha512">Of the manifest, when it is said.</param>
public sealed record TufTarget(string Name, long Length, byte[]? Sha256, byte[]? Sha512 = null)
{
    /// <summary>What the signer wrote beside it, as JSON; null when nothing.</summary>
    public byte[]? Custom { get; init; }

    public IReadOnlyList<UnknownMember> Unknown { get; init; } = [];

    internal static TufTarget Read(string tag, ref Utf8JsonReader reader, ReadOnlySpan<byte> json)
    {
        MetadataJson.Expect(ref reader, JsonTokenType.StartObject, "a target");
        var (length, sha256, sha512) = ((long?)null, (byte[]?)null, (byte[]?)null);
        byte[]? custom = null;
        List<UnknownMember>? unknown = null;
        while (MetadataJson.NextMember(ref reader, out var name))
        {
            switch (name)
            {
                case "length":
                    length = MetadataJson.Number(ref reader, 0, "'length' of a target");
                    break;
                case "hashes":
                    (sha256, sha512) = FileList.ReadHashes(ref reader);
                    break;
                case "custom":
                    custom = MetadataJson.Raw(ref reader, json).ToArray();
                    break;
                default:
                    (unknown ??= []).Add(MetadataJson.Unknown(name, ref reader, json));
                    break;
            }
        }

        return length is null ? throw new MalformedMetadataException("a target lacks 'length'") : new TufTarget(tag, length.Value, sha256, sha512) { Custom = custom, Unknown = unknown ?? [] };
    }

    internal void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        if (Custom is not null)
        {
            json.WritePropertyName("custom");
            json.WriteRawValue(Custom, skipInputValidation: true);
        }

        json.WriteStartObject("hashes");
        Hash(json, "sha256", Sha256);
        Hash(json, "sha512", Sha512);
        json.WriteEndObject();
        json.WriteNumber("length", Length);
        RoleContent.WriteUnknown(json, Unknown);
        json.WriteEndObject();
    }

    private static void Hash(Utf8JsonWriter json, string name, byte[]? hash)
    {
        if (hash is not null)
        {
            json.WriteBase64String(name, hash);
        }
    }
}

using System.Text.Json;
using System.Text.Unicode;

namespace Portcullis.Core.Trust.Tuf;

/// <summary>A file of metadata: what is signed, and by whom it says it is.</summary>
internal sealed class Envelope
{
    /// <summary>More than any role has keys.</summary>
    private const int MostSignatures = 1024;

    private Envelope(ReadOnlyMemory<byte> signed, ReadOnlyMemory<byte> message, IReadOnlyList<TufSignature> signatures) => (Signed, Message, Signatures) = (signed, message, signatures);

    /// <summary>How Notary's programs begin a file.</summary>
    private static ReadOnlySpan<byte> Beginning => "{\"signed\":"u8;

    /// <summary>As it was received.</summary>
    public ReadOnlyMemory<byte> Signed { get; }

    /// <summary>Its canonical form: what the signatures are of.</summary>
    public ReadOnlyMemory<byte> Message { get; }

    public IReadOnlyList<TufSignature> Signatures { get; }

    /// <exception cref="MalformedMetadataException">It is not written as metadata are.</exception>
    /// <exception cref="JsonException">It is no JSON.</exception>
    public static Envelope Read(ReadOnlyMemory<byte> file)
    {
        if (!Utf8.IsValid(file.Span))
        {
            throw new MalformedMetadataException("it is not UTF-8");
        }

        var length = file.Span.StartsWith(Beginning) ? CanonicalScan.LengthOf(file.Span[Beginning.Length..]) : 0;
        var end = Beginning.Length + length;
        if (length == 0 || end == file.Length || file.Span[end] != (byte)',')
        {
            return Members(file, null);
        }

        // What is signed is canonical as it stands there, and is read no further. The other members are an object of their own.
        var signed = file[Beginning.Length..end];
        return Members((byte[])[(byte)'{', .. file.Span[(end + 1)..]], (signed, signed));
    }

    private static Envelope Members(ReadOnlyMemory<byte> json, (ReadOnlyMemory<byte> Part, ReadOnlyMemory<byte> Message)? signed)
    {
        var reader = new Utf8JsonReader(json.Span);
        reader.Read();
        MetadataJson.Expect(ref reader, JsonTokenType.StartObject, "the file");
        List<TufSignature>? signatures = null;
        while (MetadataJson.NextMember(ref reader, out var name))
        {
            if (name == "signed")
            {
                signed = signed is null ? SignedPart(ref reader, json) : throw new MalformedMetadataException("'signed' is there twice");
            }
            else if (name == "signatures")
            {
                signatures = signatures is null ? ReadSignatures(ref reader) : throw new MalformedMetadataException("'signatures' is there twice");
            }
            else
            {
                reader.Skip();
            }
        }

        while (reader.Read())
        {
            // Only white space may follow; the reader throws at anything else.
        }

        return signed is { } found ? new Envelope(found.Part, found.Message, signatures ?? throw new MalformedMetadataException("'signatures' is missing"))
            : throw new MalformedMetadataException("'signed' is missing");
    }

    private static (ReadOnlyMemory<byte> Part, ReadOnlyMemory<byte> Message) SignedPart(ref Utf8JsonReader reader, ReadOnlyMemory<byte> file)
    {
        MetadataJson.Expect(ref reader, JsonTokenType.StartObject, "'signed'");
        var start = (int)reader.TokenStartIndex;
        var message = CanonicalWriter.Write(ref reader, file.Length - start);
        return (file[start..(int)reader.BytesConsumed], message);
    }

    private static List<TufSignature> ReadSignatures(ref Utf8JsonReader reader)
    {
        MetadataJson.Expect(ref reader, JsonTokenType.StartArray, "'signatures'");
        List<TufSignature> signatures = [];
        while (MetadataJson.NextElement(ref reader))
        {
            signatures.Add(signatures.Count < MostSignatures ? ReadSignature(ref reader) : throw new MalformedMetadataException($"there are more than {MostSignatures} signatures"));
        }

        return signatures;
    }

    private static TufSignature ReadSignature(ref Utf8JsonReader reader)
    {
        MetadataJson.Expect(ref reader, JsonTokenType.StartObject, "a signature");
        var (keyId, method, value) = ((string?)null, (string?)null, (byte[]?)null);
        while (MetadataJson.NextMember(ref reader, out var name))
        {
            switch (name)
            {
                case "keyid" when keyId is null:
                    keyId = MetadataJson.Text(ref reader, "'keyid'");
                    break;
                case "method" when method is null:
                    method = MetadataJson.Text(ref reader, "'method'");
                    break;
                case "sig" when value is null:
                    value = MetadataJson.Bytes(ref reader, "'sig'");
                    break;
                case "keyid" or "method" or "sig":
                    throw new MalformedMetadataException($"'{name}' of a signature is there twice");
                default:
                    reader.Skip();
                    break;
            }
        }

        return keyId is null || method is null || value is null ? throw new MalformedMetadataException("a signature lacks 'keyid', 'method' or 'sig'") : new TufSignature(keyId, method, value);
    }
}

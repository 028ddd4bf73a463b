using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Portcullis.Core.Attestations;

/// <summary>A signed document: DSSE (secure-systems-lab/dsse, envelope.md and protocol.md, version 1).</summary>
public sealed record DsseEnvelope
{
    public const string MediaType = "application/vnd.dsse.envelope.v1+json";

    public required string PayloadType { get; init; }

    /// <summary>In base64.</summary>
    public required string Payload { get; init; }

    public required IReadOnlyList<DsseSignature> Signatures { get; init; }

    public static DsseEnvelope Of(string payloadType, ReadOnlySpan<byte> payload, DsseSignature signature) =>
        new() { PayloadType = payloadType, Payload = Convert.ToBase64String(payload), Signatures = [signature] };

    /// <summary>Null when it is no envelope.</summary>
    public static DsseEnvelope? Read(ReadOnlySpan<byte> json)
    {
        try
        {
            // The serializer takes null for an item of a list.
            return JsonSerializer.Deserialize(json, AttestationsJsonContext.Default.DsseEnvelope) is { } read && !read.Signatures.Contains(null) ? read : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, AttestationsJsonContext.Default.DsseEnvelope);

    /// <summary>The payload; null when it is not base64, in either of its alphabets.</summary>
    public byte[]? PayloadBytes() => Base64(Payload);

    /// <summary>What is signed: PAE(type, payload).</summary>
    public static byte[] PreAuthEncoding(string payloadType, ReadOnlySpan<byte> payload)
    {
        var type = Encoding.UTF8.GetByteCount(payloadType);
        return [.. Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"DSSEv1 {type} {payloadType} {payload.Length} ")), .. payload];
    }

    /// <summary>"Either standard or URL-safe encoding is allowed" (protocol.md).</summary>
    internal static byte[]? Base64(string text)
    {
        try
        {
            return Convert.FromBase64String(text.Replace('-', '+').Replace('_', '/'));
        }
        catch (FormatException)
        {
            return null;
        }
    }
}

/// <summary>One signature of an envelope.</summary>
public sealed record DsseSignature
{
    /// <summary>A hint which key it is by. Nothing is decided by it.</summary>
    [System.Text.Json.Serialization.JsonPropertyName("keyid")]
    public string? KeyId { get; init; }

    /// <summary>In base64.</summary>
    public required string Sig { get; init; }

    /// <summary>Null when it is not base64.</summary>
    public byte[]? Bytes() => DsseEnvelope.Base64(Sig);
}

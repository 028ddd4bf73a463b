using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Portcullis.Core.Attestations;

/// <summary>Who says what of which image (in-toto attestation framework, Statement v1).</summary>
public sealed record InTotoStatement
{
    /// <summary>The type of a payload in an envelope.</summary>
    public const string PayloadType = "application/vnd.in-toto+json";

    public const string StatementType = "https://in-toto.io/Statement/v1";

    [JsonPropertyName("_type")]
    public string Type { get; init; } = StatementType;

    public required IReadOnlyList<InTotoSubject> Subject { get; init; }

    public required string PredicateType { get; init; }

    public required JsonNode Predicate { get; init; }

    /// <summary>A statement about the image of a digest.</summary>
    public static InTotoStatement About(string name, string digest, string predicateType, JsonNode predicate) => new()
    {
        Subject = [new InTotoSubject { Name = name, Digest = new Dictionary<string, string>(StringComparer.Ordinal) { [digest.Split(':')[0]] = digest.Split(':')[^1] } }],
        PredicateType = predicateType,
        Predicate = predicate,
    };

    /// <summary>Null when it is no statement.</summary>
    public static InTotoStatement? Read(ReadOnlySpan<byte> json)
    {
        try
        {
            // The serializer takes null for an item of a list.
            return JsonSerializer.Deserialize(json, AttestationsJsonContext.Default.InTotoStatement) is { } read && !read.Subject.Contains(null) ? read : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, AttestationsJsonContext.Default.InTotoStatement);

    /// <summary>Whether it is about the image of this digest.</summary>
    public bool IsAbout(string digest) =>
        Subject.Any(s => digest.Split(':') is [var algorithm, var hash] && s.Digest.TryGetValue(algorithm, out var own) && own == hash);
}

/// <summary>What a statement is about.</summary>
public sealed record InTotoSubject
{
    public string? Name { get; init; }

    public required IReadOnlyDictionary<string, string> Digest { get; init; }
}

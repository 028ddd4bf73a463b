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

    /// <summary>What many programs still write; it has the same members.</summary>
    public const string EarlierStatementType = "https://in-toto.io/Statement/v0.1";

    [JsonPropertyName("_type")]
    public required string Type { get; init; }

    public required IReadOnlyList<InTotoSubject> Subject { get; init; }

    public required string PredicateType { get; init; }

    public required JsonNode Predicate { get; init; }

    /// <summary>A statement about the image of a digest.</summary>
    public static InTotoStatement About(string name, string digest, string predicateType, JsonNode predicate) => new()
    {
        Type = StatementType,
        Subject = [new InTotoSubject { Name = name, Digest = new Dictionary<string, string>(StringComparer.Ordinal) { [digest.Split(':')[0]] = digest.Split(':')[^1] } }],
        PredicateType = predicateType,
        Predicate = predicate,
    };

    /// <summary>Null when it is no statement, or one of a version that is not known here: its members may mean something else.</summary>
    public static InTotoStatement? Read(ReadOnlySpan<byte> json)
    {
        try
        {
            // The serializer takes null for an item of a list.
            return JsonSerializer.Deserialize(json, AttestationsJsonContext.Default.InTotoStatement) is { Type: StatementType or EarlierStatementType } read && !read.Subject.Contains(null) ? read : null;
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

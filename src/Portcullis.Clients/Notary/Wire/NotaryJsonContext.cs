using System.Text.Json;
using System.Text.Json.Serialization;

namespace Portcullis.Clients.Notary.Wire;

internal sealed record NotaryErrorAnswer
{
    [JsonPropertyName("errors")]
    public IReadOnlyList<NotaryErrorLine?>? Errors { get; init; }
}

internal sealed record NotaryErrorLine
{
    [JsonPropertyName("detail")]
    public JsonElement? RawDetail { get; init; }

    /// <summary>Other errors have a text or a list in its place.</summary>
    [JsonIgnore]
    public NotaryCheck? Detail => RawDetail is { ValueKind: JsonValueKind.Object } detail ? detail.Deserialize(NotaryJsonContext.Default.NotaryCheck) : null;
}

/// <summary>Which of the server's checks of a publication failed.</summary>
internal sealed record NotaryCheck
{
    public string? Name { get; init; }

    public NotaryCheckError? Error { get; init; }
}

internal sealed record NotaryCheckError
{
    public string? Msg { get; init; }
}

internal sealed record ChangeFeedPage
{
    [JsonPropertyName("records")]
    public IReadOnlyList<ChangeFeedRecord?>? Records { get; init; }
}

/// <summary>As the server writes it: with its own names, which are Go's.</summary>
internal sealed record ChangeFeedRecord
{
    /// <summary>A text, or a number with some databases.</summary>
    public JsonElement ID { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public string? GUN { get; init; }

    public long Version { get; init; }

    public string? Category { get; init; }
}

[JsonSourceGenerationOptions(MaxDepth = 32)]
[JsonSerializable(typeof(NotaryErrorAnswer))]
[JsonSerializable(typeof(NotaryCheck))]
[JsonSerializable(typeof(ChangeFeedPage))]
internal sealed partial class NotaryJsonContext : JsonSerializerContext;

using System.Text.Json.Serialization;

namespace Portcullis.TokenService;

/// <summary>A token, as the Docker registry token specification answers it; old clients read token, OAuth 2.0 ones access_token.</summary>
internal sealed record TokenServiceAnswer
{
    [JsonPropertyName("token")]
    public required string Token { get; init; }

    [JsonPropertyName("access_token")]
    public required string AccessToken { get; init; }

    /// <summary>In seconds.</summary>
    [JsonPropertyName("expires_in")]
    public required long ExpiresIn { get; init; }

    [JsonPropertyName("issued_at")]
    public required string IssuedAt { get; init; }

    /// <summary>What was granted of the scopes; for OAuth 2.0.</summary>
    [JsonPropertyName("scope")]
    public string? Scope { get; init; }

    [JsonPropertyName("token_type")]
    public string? TokenType { get; init; }

    [JsonPropertyName("refresh_token")]
    public string? RefreshToken { get; init; }
}

/// <summary>Why there is no token: as registries write errors, and as OAuth 2.0 does beside it (RFC 6749, section 5.2).</summary>
internal sealed record TokenServiceError
{
    [JsonPropertyName("errors")]
    public required IReadOnlyList<TokenServiceErrorEntry> Errors { get; init; }

    [JsonPropertyName("error")]
    public string? Error { get; init; }

    [JsonPropertyName("error_description")]
    public string? Description { get; init; }
}

/// <summary>One error of the registry's form.</summary>
internal sealed record TokenServiceErrorEntry(string Code, string Message);

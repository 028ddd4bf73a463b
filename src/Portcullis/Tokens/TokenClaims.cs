using System.Text.Json.Serialization;
using Portcullis.Core.Identity;

namespace Portcullis.Tokens;

/// <summary>The claims of a token (RFC 7519, section 4.1; Docker registry token specification, "Token Format"), and ours beside them.</summary>
internal sealed record TokenClaims
{
    [JsonPropertyName("iss")]
    public required string Issuer { get; init; }

    /// <summary>The caller's name; empty for nobody in particular.</summary>
    [JsonPropertyName("sub")]
    public required string Subject { get; init; }

    [JsonPropertyName("aud")]
    public required string Audience { get; init; }

    /// <summary>Seconds since 1970, as all times of a token.</summary>
    [JsonPropertyName("exp")]
    public required long ExpiresAt { get; init; }

    [JsonPropertyName("nbf")]
    public required long NotBefore { get; init; }

    [JsonPropertyName("iat")]
    public required long IssuedAt { get; init; }

    [JsonPropertyName("jti")]
    public required string Id { get; init; }

    [JsonPropertyName("access")]
    public IReadOnlyList<TokenAccess>? Access { get; init; }

    /// <summary>Groups that an identity provider reported. Those of Organizations are looked up when the token is used.</summary>
    [JsonPropertyName("groups")]
    public IReadOnlyCollection<string>? Groups { get; init; }

    [JsonPropertyName("login")]
    public LoginMethod? Login { get; init; }

    /// <summary>The name of the personal access token that was shown; it must still be there when this token is used, and be that of <see cref="Proof"/>.</summary>
    [JsonPropertyName("access_token")]
    public string? AccessToken { get; init; }

    /// <summary>Stands for what the user showed; it must still be so. Of refresh tokens, and of those by a personal access token.</summary>
    [JsonPropertyName("proof")]
    public string? Proof { get; init; }
}

using System.Text.Json.Serialization;

namespace Portcullis.Clients.Registry.Wire;

internal sealed record RegistryErrorAnswer
{
    public IReadOnlyList<RegistryErrorLine?>? Errors { get; init; }
}

internal sealed record RegistryErrorLine
{
    public string? Code { get; init; }

    public string? Message { get; init; }
}

internal sealed record TagListAnswer
{
    public string? Name { get; init; }

    public IReadOnlyList<string?>? Tags { get; init; }
}

internal sealed record CatalogAnswer
{
    public IReadOnlyList<string?>? Repositories { get; init; }
}

/// <summary>Of a token server (Docker registry token authentication; OAuth 2.0 for the same).</summary>
internal sealed record TokenServerAnswer
{
    public string? Token { get; init; }

    [JsonPropertyName("access_token")]
    public string? AccessToken { get; init; }

    /// <summary>In seconds.</summary>
    [JsonPropertyName("expires_in")]
    public long? ExpiresIn { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, MaxDepth = 32)]
[JsonSerializable(typeof(RegistryErrorAnswer))]
[JsonSerializable(typeof(TagListAnswer))]
[JsonSerializable(typeof(CatalogAnswer))]
[JsonSerializable(typeof(TokenServerAnswer))]
internal sealed partial class RegistryJsonContext : JsonSerializerContext;

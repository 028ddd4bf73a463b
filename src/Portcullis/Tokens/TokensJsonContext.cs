using System.Text.Json.Serialization;

namespace Portcullis.Tokens;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(TokenClaims))]
internal sealed partial class TokensJsonContext : JsonSerializerContext;

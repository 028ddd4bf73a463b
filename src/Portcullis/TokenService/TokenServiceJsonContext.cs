using System.Text.Json.Serialization;

namespace Portcullis.TokenService;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(TokenServiceAnswer))]
[JsonSerializable(typeof(TokenServiceError))]
internal sealed partial class TokenServiceJsonContext : JsonSerializerContext;

using System.Text.Json.Serialization;

namespace Portcullis.Tokens;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(GatewayKeySecret))]
internal sealed partial class GatewayKeySecretJsonContext : JsonSerializerContext;

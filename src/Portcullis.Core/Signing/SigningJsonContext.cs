using System.Text.Json.Serialization;
using Portcullis.Objects.Json;

namespace Portcullis.Core.Signing;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true,
    Converters = [typeof(UtcTimeConverter)],
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(SigningPolicy))]
[JsonSerializable(typeof(TrustExplanation))]
public sealed partial class SigningJsonContext : JsonSerializerContext;

using System.Text.Json.Serialization;
using Portcullis.Objects.Json;

namespace Portcullis.Core.Promotions;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true,
    Converters = [typeof(UtcTimeConverter)],
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(PromotionPolicy))]
[JsonSerializable(typeof(PromotionEvidence))]
[JsonSerializable(typeof(PromotionExplanation))]
public sealed partial class PromotionsJsonContext : JsonSerializerContext;

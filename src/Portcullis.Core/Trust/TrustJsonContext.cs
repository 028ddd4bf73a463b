using System.Text.Json.Serialization;
using Portcullis.Objects.Json;

namespace Portcullis.Core.Trust;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true,
    Converters = [typeof(UtcTimeConverter)],
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(TrustDelegation))]
[JsonSerializable(typeof(TrustOverview))]
public sealed partial class TrustJsonContext : JsonSerializerContext;

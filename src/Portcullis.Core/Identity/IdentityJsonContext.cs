using System.Text.Json.Serialization;
using Portcullis.Objects.Json;

namespace Portcullis.Core.Identity;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true,
    Converters = [typeof(UtcTimeConverter)],
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(IdentityProvider))]
public sealed partial class IdentityJsonContext : JsonSerializerContext;

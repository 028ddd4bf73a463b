using System.Text.Json.Serialization;
using Portcullis.Objects.Json;

namespace Portcullis.Core.Registries;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true,
    Converters = [typeof(UtcTimeConverter)],
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(Registry))]
public sealed partial class RegistriesJsonContext : JsonSerializerContext;

using System.Text.Json.Serialization;
using Portcullis.Objects.Json;

namespace Portcullis.Core.Roles;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true,
    Converters = [typeof(UtcTimeConverter)],
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(AccessRole))]
public sealed partial class RolesJsonContext : JsonSerializerContext;
